import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process.js';

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
  const openssl = (...args: string[]) => run('openssl', args, { cwd: server });
  await openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', DAYS, '-subj', '/CN=ipvlan-doctor lab');
  for (const [name, usage] of [
    ['server', 'serverAuth'],
    ['client', 'clientAuth'],
  ] as const) {
    await openssl('req', ...key(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    await writeFile(
      join(server, 'extensions'),
      `subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=${usage}\n`,
    );
    const authority = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'];
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...authority,
      '-out',
      `${name}.pem`,
      '-days',
      DAYS,
      '-extfile',
      'extensions',
    );
  }
  await copyFile(join(server, 'ca.pem'), join(client, 'ca.pem'));
  await copyFile(join(server, 'client.pem'), join(client, 'cert.pem'));
  await copyFile(join(server, 'client-key.pem'), join(client, 'key.pem'));
  for (const secret of [
    'ca-key.pem',
    'client.pem',
    'client-key.pem',
    'client.csr',
    'server.csr',
    'extensions',
    'ca.srl',
  ]) {
    await rm(join(server, secret), { force: true });
  }
}

function key(name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}-key.pem`];
}
