import { Agent } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecurely } from 'node:tls';
import { ConnectionError } from './connection-error.js';
import { connectThroughSsh } from './ssh.js';
import type { Endpoint, Transport } from './endpoint.js';

/** How long a connection may take to come about, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Connections to an endpoint, kept open between requests: an emulated machine takes long for a TLS handshake. dockerode gets
 * this in place of its own transports, which know no time limit, no unverified TLS, and not the user's own ssh.
 */
export class Connections extends Agent {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    super({ keepAlive: true });
    this.#endpoint = endpoint;
  }

  override createConnection(): Duplex {
    const { transport, tls } = this.#endpoint;
    if (transport.kind === 'ssh') return connectThroughSsh(transport, CONNECT_TIMEOUT_MS);
    return tls && transport.kind === 'tcp'
      ? limited(connectSecurely(secureOptions(transport, tls)), 'secureConnect')
      : limited(connectPlain(transport.kind === 'unix' ? { path: transport.path } : where(transport)), 'connect');
  }
}

type Tcp = Extract<Transport, { kind: 'tcp' }>;

function where({ host, port }: Tcp): { host: string; port: number } {
  return { host, port };
}

function secureOptions(transport: Tcp, { ca, cert, key, verify }: NonNullable<Endpoint['tls']>) {
  return {
    ...where(transport),
    rejectUnauthorized: verify,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  };
}

/** A socket that fails with `ETIMEDOUT` unless it is ready in time. */
function limited(socket: Socket, ready: 'connect' | 'secureConnect'): Socket {
  const late = new ConnectionError('ETIMEDOUT', `no answer within ${CONNECT_TIMEOUT_MS / 1000} s`);
  const timer = setTimeout(() => socket.destroy(late), CONNECT_TIMEOUT_MS);
  const stop = () => clearTimeout(timer);
  return socket.once(ready, stop).once('close', stop);
}
