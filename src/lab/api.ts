import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DoctorError } from '../errors.js';

/** Where a lab's Docker answers: a loopback port and the directory of the client's certificate. */
export interface LabEndpoint {
  readonly port: number;
  readonly certificates: string;
}

/** A first boot under software emulation takes half a minute; a restored machine a second. */
const PATIENCE_MS = 180_000;

/** @throws DoctorError `LAB_FAILED` when Docker does not answer in time, or `alive` says that it never will */
export async function waitForApi(endpoint: LabEndpoint, alive: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline && alive()) {
    const answer = await call(endpoint, { method: 'GET', path: '/_ping' }).catch(() => undefined);
    if (answer === 'OK') return;
    await wait(20);
  }
  throw new DoctorError('LAB_FAILED', 'Docker in the lab does not answer.', {
    hint: 'Try "ipvlan-doctor lab down" and "ipvlan-doctor lab build"; the machine may lack memory (1 GB is needed).',
  });
}

/** Loads an image archive, before the snapshot is taken. */
export async function loadImage(endpoint: LabEndpoint, archive: string): Promise<void> {
  const answer = await call(endpoint, { method: 'POST', path: '/images/load?quiet=1', body: archive });
  if (!answer.includes('Loaded image'))
    throw new DoctorError('LAB_FAILED', `The agent image did not load: ${answer.trim()}`);
}

interface Call {
  readonly method: string;
  readonly path: string;
  /** File to send. */
  readonly body?: string;
}

async function call({ port, certificates }: LabEndpoint, { method, path, body }: Call): Promise<string> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(join(certificates, name))),
  );
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-tar' };
    const sent = request(
      { host: '127.0.0.1', port, method, path, ca, cert, key, headers, agent: false },
      (response) => {
        text(response).then(resolve, reject);
      },
    );
    sent.on('error', reject);
    sent.setTimeout(body ? PATIENCE_MS : 5000, () => sent.destroy(new Error('no answer')));
    if (body) createReadStream(body).pipe(sent);
    else sent.end();
  });
}
