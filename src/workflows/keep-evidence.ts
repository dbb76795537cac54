import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../evidence/evidence.js';
import { evidenceJson } from '../evidence/file.js';
import type { Looked } from '../probes/look.js';

interface Kept extends Pick<Looked, 'pcaps'> {
  readonly id: string;
  readonly evidence: Evidence;
}

/** Where a scenario's evidence lies within the report directory. */
export function evidenceFile({ id }: Pick<Kept, 'id'>): string {
  return join(id, 'evidence.json');
}

/** Writes what was seen into the report directory: to be done before anything is taken down. */
export async function keepEvidence(directory: string, { id, evidence, pcaps }: Kept): Promise<void> {
  const captures = join(directory, id, 'captures');
  await mkdir(captures, { recursive: true });
  await writeFile(join(directory, evidenceFile({ id })), evidenceJson(evidence));
  for (const [name, pcap] of pcaps) await writeFile(join(captures, name), pcap);
}
