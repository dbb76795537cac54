import { DoctorError } from '../errors.js';
import { clientConfiguration, type ClientConfiguration, type TlsMaterial } from './client-configuration.js';

/** How to reach a Docker Engine. */
export interface Endpoint {
  /** For people: `unix:///var/run/docker.sock`, `context office (ssh://me@nas)`. */
  readonly name: string;
  /** The Docker context that names it; absent for a host. */
  readonly context?: string;
  readonly transport: Transport;
  /** Client side of TLS; absent for plain connections. */
  readonly tls: TlsMaterial | undefined;
}

export type Transport =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'ssh';
      /** `user@host` or `host`, as `ssh` takes it. */
      readonly target: string;
      /** Absent leaves ssh its own configuration. */
      readonly port: number | undefined;
    };

/** Where an endpoint may come from. */
export interface EndpointSources {
  /** `--engine`: a host such as `tcp://nas:2376`. */
  readonly engine?: string | undefined;
  /** `--context`. */
  readonly context?: string | undefined;
  readonly env: Environment;
  /** The docker client's directory; `DOCKER_CONFIG` or `~/.docker` when absent. */
  readonly configDirectory?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_SOCKET = '/var/run/docker.sock';
const FORMS = 'Write it like unix:///var/run/docker.sock, tcp://192.0.2.7:2376 or ssh://user@host.';

/**
 * Finds the engine exactly as the docker client would: the flag for a host, the flag for a context, `DOCKER_HOST`,
 * `DOCKER_CONTEXT`, the current context of `config.json`, the default socket. dockerode knows no contexts.
 *
 * @see https://github.com/docker/cli/blob/master/cli/command/cli.go (`resolveContextName`)
 * @throws DoctorError `USAGE` for both flags at once or a malformed host, `NOT_FOUND` for an unknown context,
 *   `INPUT_INVALID` naming a file of the docker client that cannot be used
 */
export function resolveEndpoint({ engine, context, env, configDirectory }: EndpointSources): Endpoint {
  if (engine && context) {
    throw new DoctorError('USAGE', `--engine ${engine} and --context ${context} both say which engine to use.`, {
      hint: 'Give one of them.',
    });
  }
  const configuration = clientConfiguration(env, configDirectory);
  if (engine) return fromHost(engine, '--engine', { env, configuration });
  const name = context || (env['DOCKER_HOST'] ? 'default' : env['DOCKER_CONTEXT'] || configuration.currentContext());
  return name && name !== 'default'
    ? fromContext(name, configuration)
    : fromHost(env['DOCKER_HOST'] || `unix://${DEFAULT_SOCKET}`, 'DOCKER_HOST', { env, configuration });
}

interface Settings {
  readonly env: Environment;
  readonly configuration: ClientConfiguration;
}

function fromHost(host: string, source: string, { env, configuration }: Settings): Endpoint {
  const secured = Boolean(env['DOCKER_TLS_VERIFY'] || env['DOCKER_TLS']) || host.startsWith('https://');
  const transport = parseHost(host, source, secured);
  // Read only where it is used: a local socket works without certificates.
  return { name: host, transport, tls: transport.kind === 'tcp' && secured ? configuration.hostTls(env) : undefined };
}

function fromContext(name: string, configuration: ClientConfiguration): Endpoint {
  const { host, tls } = configuration.context(name);
  const transport = parseHost(host, `The Docker context ${name}`, tls !== undefined);
  return {
    name: `context ${name} (${host})`,
    context: name,
    transport,
    tls: transport.kind === 'tcp' ? tls : undefined,
  };
}

function parseHost(host: string, source: string, secured: boolean): Transport {
  const url = parseUrl(host, source);
  switch (url.protocol) {
    case 'unix:':
      return { kind: 'unix', path: host.slice('unix://'.length) || DEFAULT_SOCKET };
    case 'tcp:':
    case 'http:':
    case 'https:':
      return tcp(url, secured);
    case 'ssh:':
      return { kind: 'ssh', target: sshTarget(url, source), port: url.port ? Number(url.port) : undefined };
    case 'npipe:':
      throw new DoctorError('USAGE', `${source} says ${host}, and a Windows named pipe cannot be reached from here.`, {
        hint: 'Run the tool inside WSL or the virtual machine that runs Docker, or use the lab: --engine lab.',
      });
    default:
      throw new DoctorError('USAGE', `${source} says ${host}, and ${url.protocol}// is not supported for an engine.`, {
        hint: FORMS,
      });
  }
}

/** Without a scheme a host is TCP, as for the docker client. */
function parseUrl(host: string, source: string): URL {
  if (host.startsWith('unix://')) return new URL('unix://');
  // "tcp://" and "tcp://:2375" mean this machine to the docker client, and nothing to the URL parser.
  const text = (host.includes('://') ? host : `tcp://${host}`).replace(/^(tcp|https?):\/\/(?=:|$)/, '$1://localhost');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.hostname || url.protocol === 'npipe:')) return url;
  throw new DoctorError('USAGE', `${source} says "${host}", which is not the address of an engine.`, { hint: FORMS });
}

function tcp(url: URL, secured: boolean): Transport {
  if (url.pathname.length > 1) {
    throw new DoctorError('USAGE', `${url.href} has a path, and an engine behind a path is not supported.`, {
      hint: FORMS,
    });
  }
  // The URL parser drops a port that is its scheme's own: http://nas:80 is port 80, not Docker's.
  const usual = { 'http:': 80, 'https:': 443 }[url.protocol] ?? (secured ? 2376 : 2375);
  return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port ? Number(url.port) : usual };
}

/** The URL's user and host as one word for `ssh`, which must not read it as an option. */
function sshTarget(url: URL, source: string): string {
  const target = url.username ? `${decodeURIComponent(url.username)}@${url.hostname}` : url.hostname;
  if (url.password || url.pathname.length > 1 || target.startsWith('-')) {
    throw new DoctorError(
      'USAGE',
      `${source} says ${url.protocol}//${target} with a password, a path or an option in it.`,
      {
        hint: 'Write ssh://user@host:port, and leave the key to ssh-agent or ~/.ssh/config.',
      },
    );
  }
  return target;
}
