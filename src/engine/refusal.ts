import { quote } from '../shell.js';
import { DoctorError, messageOf } from '../errors.js';
import type { Endpoint } from './endpoint.js';

const LAB = 'Or use the lab: --engine lab.';
const PERMISSION =
  'Run it with sudo, or add yourself to the docker group ("sudo usermod -aG docker $USER") and log in again.';
const CERTIFICATE = 'Check DOCKER_CERT_PATH, or the context, and that the certificates belong to this engine.';

/** Why a connection failed, and what to do, by the operating system's word for it. */
const REASONS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ENOENT: ['there is no such socket', `Is Docker installed and running? "systemctl status docker" tells. ${LAB}`],
  ENOTSOCK: ['that is not a socket', `Check DOCKER_HOST, the context or --engine. ${LAB}`],
  ECONNREFUSED: ['nothing listens there', `Is Docker running, and does it listen there? ${LAB}`],
  ECONNRESET: ['the connection broke', `Did Docker stop, or does it want TLS (DOCKER_TLS_VERIFY=1)? ${LAB}`],
  EPIPE: ['the connection broke', `Did Docker stop? ${LAB}`],
  EACCES: ['you may not open it', PERMISSION],
  EPERM: ['you may not open it', PERMISSION],
  ENOTFOUND: ['the name is not known', 'Check the host name in DOCKER_HOST, the context or --engine.'],
  EAI_AGAIN: ['the name could not be looked up', 'Check the host name, and that this machine has a DNS server.'],
  ETIMEDOUT: ['it did not answer in time', 'Check the address, and that a firewall lets you through.'],
  EHOSTUNREACH: ['the host cannot be reached', 'Check the address and your route to it.'],
  ENETUNREACH: ['the network cannot be reached', 'Check the address and your route to it.'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Have a new certificate made for the engine.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', CERTIFICATE],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak TLS', 'Unset DOCKER_TLS_VERIFY and DOCKER_TLS for this engine.'],
  EPROTO: ['no TLS session was established', `${CERTIFICATE} An engine without TLS wants DOCKER_TLS_VERIFY unset.`],
};

interface Failed {
  readonly code?: string;
  readonly statusCode?: number;
  readonly json?: { readonly message?: string } | null;
}

/**
 * Turns an error of the engine, or of the connection to it, into one that says what to do.
 *
 * @param what was asked, to follow "Docker rejected the request to": `create network ipvlan_net`
 */
export function explained(error: unknown, what: string, endpoint: Endpoint): DoctorError {
  if (error instanceof DoctorError) return error;
  const { statusCode } = error as Failed;
  if (statusCode === undefined) return unreachable(error, endpoint);
  return new DoctorError('ENGINE_REFUSED', `Docker rejected the request to ${what}: ${sentence(error)}`, {
    cause: error,
  });
}

/** The engine's own message, where it rejected a request; `undefined` for any other error. */
export function refusalIn(error: unknown): string | undefined {
  return error instanceof DoctorError && error.code === 'ENGINE_REFUSED' ? sentence(error.cause) : undefined;
}

/** The error for an endpoint at which no engine answers. */
export function unreachable(error: unknown, { name, transport }: Endpoint): DoctorError {
  if (error instanceof DoctorError) return error;
  const { code = '', statusCode } = error as Failed;
  const [why, hint] =
    transport.kind === 'ssh' && code === 'SSH_FAILED'
      ? [
          messageOf(error).replace(/\.$/, ''),
          `"ssh ${quote(transport.target)} docker version" must work without a password: load your key with ssh-add.`,
        ]
      : (REASONS[code] ?? otherwise(error));
  // Something that answers in HTTP, though not as Docker does, is worth quoting.
  const quoted = statusCode === undefined ? why : sentence(error);
  return new DoctorError('ENGINE_UNREACHABLE', `No Docker Engine answers at ${name}: ${quoted}.`, {
    hint,
    cause: error,
  });
}

function otherwise(error: unknown): readonly [string, string] {
  const said = messageOf(error).replace(/\.$/, '');
  if (/HTTP request to an HTTPS server/.test(said)) return [said, 'Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.'];
  return [
    said,
    /certificate|TLS|SSL|ssl|CERT/.test(said + String((error as Failed).code))
      ? CERTIFICATE
      : `Is it Docker that listens there? ${LAB}`,
  ];
}

/** The engine's own message, without the words that dockerode puts around it. */
function sentence(error: unknown): string {
  const said = (error as Failed).json?.message ?? messageOf(error).replace(/^\(HTTP code \d+\) .*? - /, '');
  return said.trim().replace(/\.$/, '');
}
