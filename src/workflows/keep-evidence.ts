import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Evidence } from '../evidence/evidence.js';
import { evidenceJson } from '../evidence/file.js';
import type { Looked } from '../probes/look-request.js';
import { replaceFile } from '../report/write.js';

interface Kept extends Pick<Looked, 'pcaps'> {
  readonly id: string;
  readonly evidence: Evidence;
}

/** Longer names do not fit into a file name with something after them. */
const LONGEST = 100;

/**
 * An id for a container or network that others named: it is a folder of the report directory, and no two names have the same. A
 * character that is no letter, digit, dot, dash or underscore is written as in `my=20lan`; the rest of a long name as its hash.
 */
export function idFor(name: string): string {
  const spelled = [...Buffer.from(name)]
    .map((byte) => String.fromCharCode(byte))
    .map((one, at) => (/[A-Za-z0-9_-]/.test(one) || (one === '.' && at > 0) ? one : `=${hex(one)}`))
    .join('');
  if (spelled !== '' && spelled.length <= LONGEST) return spelled;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${spelled.slice(0, LONGEST)}=${hash}`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase();
}

/** Where a scenario's evidence lies within the report directory. */
export function evidenceFile({ id }: Pick<Kept, 'id'>): string {
  return join(id, 'evidence.json');
}

/** Writes what was seen into the report directory: to be done before anything is removed. */
export async function keepEvidence(directory: string, { id, evidence, pcaps }: Kept): Promise<void> {
  const captures = join(directory, id, 'captures');
  await replaceFile(join(directory, evidenceFile({ id })), evidenceJson(evidence));
  for (const [name, pcap] of pcaps) await replaceFile(join(captures, name), pcap);
}
