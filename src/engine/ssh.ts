import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { start } from '../process.js';
import { ConnectionError } from './connection-error.js';
import type { Transport } from './endpoint.js';

/** How much of what ssh complains about is kept, in characters. */
const LONGEST_COMPLAINT = 2000;

/**
 * One connection to a remote engine through the user's own `ssh`, as the docker client makes it: their keys, agent, jump
 * hosts and known hosts all count, and the far side runs `docker system dial-stdio`. Unlike the docker client's it never
 * asks for a password: several connections at once could not share one terminal.
 */
export function connectThroughSsh({ target, port }: Extract<Transport, { kind: 'ssh' }>, timeoutMs: number): Duplex {
  const options = ['-T', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${Math.ceil(timeoutMs / 1000)}`];
  const args = [...options, ...(port ? ['-p', String(port)] : []), '--', target, 'docker', 'system', 'dial-stdio'];
  const child = start('ssh', args, { stdin: 'pipe', buffer: false });
  const { stdin, stdout, stderr } = child;
  const connection = new Duplex({
    read() {
      stdout.resume();
    },
    // When ssh ends, the pipe breaks, and ssh says why: see below.
    write(chunk, _, done) {
      stdin.write(chunk, () => done());
    },
    final(done) {
      stdin.end(() => done());
    },
    destroy(error, done) {
      child.kill();
      done(error);
    },
  });
  let complaint = '';
  stdin.on('error', () => undefined);
  stderr.on('data', (text) => {
    complaint = (complaint + String(text)).slice(-LONGEST_COMPLAINT);
  });
  stdout.on('data', (chunk) => {
    if (!connection.push(chunk)) stdout.pause();
  });
  // The end of the output is passed on only with the exit code, or an error of ssh would look like a broken connection.
  void child.then(async ({ exitCode, code }) => {
    await finished(stdout).catch(() => undefined);
    if (exitCode === 0) {
      connection.push(null);
      return;
    }
    const why = code === 'ENOENT' ? 'the program ssh is not installed' : complaint.trim() || `exit code ${exitCode}`;
    connection.destroy(new ConnectionError('SSH_FAILED', why));
  });
  return asSocket(connection, [stdin, stdout, stderr].map(asPipe), child);
}

interface Holds {
  ref(): unknown;
  unref(): unknown;
}

/** A pipe to a child process is a socket underneath, though its type does not say so. */
function asPipe(stream: unknown): Holds {
  return stream as Socket;
}

/** Gives a stream the methods that node's HTTP client calls on a socket. An idle connection must not keep the process alive. */
function asSocket(connection: Duplex, pipes: readonly Holds[], child: Holds): Duplex {
  const same = () => connection;
  const each = (does: (held: Holds) => unknown) => () => {
    [...pipes, child].forEach(does);
    return connection;
  };
  return Object.assign(connection, {
    setKeepAlive: same,
    setNoDelay: same,
    setTimeout: same,
    ref: each((held) => held.ref()),
    unref: each((held) => held.unref()),
  });
}
