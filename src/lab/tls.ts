import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../process.js';

/** Longer than any cached image lives. */
const DAYS = '3650';

/**
 * Makes what mutual TLS needs: a certificate authority, a server certificate for loopback and a client certificate. Docker's
 * port on loopback is open to every user of the machine, so that the port alone must not be enough.
 *
 * @param server directory for `ca.pem`, `server.pem`, `server-key.pem`: goes into the guest
 * @param client directory for `ca.pem`, `cert.pem`, `key.pem`, as `DOCKER_CERT_PATH` wants them; readable by its owner alone
 */
export async function makeCertificates(server: string, client: string): Promise<void> {
  await mkdir(server, { recursive: true });
  await mkdir(client, { recursive: true, mode: 0o700 });
  const authority = ['-out', 'ca.pem', '-days', DAYS, '-subj', '/CN=ipvlan-doctor lab'];
  await openssl(server, 'req', '-x509', ...key('ca'), ...authority);
  await makeCertificate(server, 'server', 'serverAuth');
  await makeCertificate(server, 'client', 'clientAuth');
  await copyFile(join(server, 'ca.pem'), join(client, 'ca.pem'));
  await copyFile(join(server, 'client.pem'), join(client, 'cert.pem'));
  await copyFile(join(server, 'client-key.pem'), join(client, 'key.pem'));
  for (const file of NOT_FOR_THE_GUEST) await rm(join(server, file), { force: true });
}

/** Secrets, and files that openssl needs only while it signs. */
const NOT_FOR_THE_GUEST = [
  'ca-key.pem',
  'client.pem',
  'client-key.pem',
  'client.csr',
  'server.csr',
  'extensions',
  'ca.srl',
];

/** A certificate and its key, signed by the authority in the same directory. */
async function makeCertificate(directory: string, name: string, usage: 'serverAuth' | 'clientAuth'): Promise<void> {
  await openssl(directory, 'req', ...key(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  const extensions = `subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=${usage}\n`;
  await writeFile(join(directory, 'extensions'), extensions);
  const authority = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'];
  const certificate = ['-out', `${name}.pem`, '-days', DAYS, '-extfile', 'extensions'];
  await openssl(directory, 'x509', '-req', '-in', `${name}.csr`, ...authority, ...certificate);
}

async function openssl(directory: string, ...args: readonly string[]): Promise<void> {
  await runProgram('openssl', args, { cwd: directory });
}

function key(name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}-key.pem`];
}
