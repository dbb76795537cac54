import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from '../../engine/archive.js';
import { readUntrustedArchive } from '../../engine/untrusted-archive.js';
import { DoctorError, messageOf } from '../../errors.js';
import type { Evidence } from '../../evidence/evidence.js';
import { evidenceJson, readEvidence } from '../../evidence/file.js';
import { bundleFiles, openBundle, type Contents, type Manifest, type Redaction } from '../../report/bundle.js';
import { readResult } from '../../report/json.js';
import { replaceFile } from '../../report/write.js';
import { redactContents, type Redacted } from './redact-contents.js';

/** A bundle that was written. */
export interface Collected {
  readonly file: string;
  readonly bytes: number;
  readonly scenarios: readonly string[];
  readonly captures: number;
  /** Absent when nothing was redacted. */
  readonly redaction: (Redaction & Pick<Redacted, 'tokens'>) | undefined;
}

/** Where a bundle is written, and whether it is redacted for readers outside. */
export interface BundleWish {
  readonly file: string;
  readonly redact: boolean;
}

/**
 * Puts evidence, result and captures of a report directory into one file. Environment variables and labels are not in there:
 * the tool never reads them.
 *
 * @throws DoctorError `INPUT_INVALID` when the directory holds no evidence, `OUTPUT_UNWRITABLE`
 */
export async function collectBundle(directory: string, wish: BundleWish): Promise<Collected> {
  return writeBundle(await contentsOf(directory), wish);
}

/**
 * Writes a bundle, redacted where that is asked for.
 *
 * @throws DoctorError `OUTPUT_UNWRITABLE`
 */
export async function writeBundle(contents: Contents, { file, redact }: BundleWish): Promise<Collected> {
  const redacted = redact ? redactContents(contents, () => randomBytes(32)) : undefined;
  const kept = redacted?.contents ?? contents;
  const files = bundleFiles(kept, { createdAt: new Date().toISOString(), redaction: redacted?.redaction });
  const archive = gzipSync(await pack(files), { level: 9 });
  await replaceFile(file, archive);
  return {
    file,
    bytes: archive.length,
    scenarios: [...kept.evidence.keys()],
    captures: kept.captures.size,
    redaction: redacted && { ...redacted.redaction, tokens: redacted.tokens },
  };
}

/** What a bundle may hold: far beyond what any run of ours leaves. */
const LIMITS = { files: 5000, fileBytes: 128 * 1_048_576, totalBytes: 512 * 1_048_576 };

/**
 * Opens a bundle, which may come from an untrusted source.
 *
 * @throws DoctorError `INPUT_INVALID` saying what is wrong with it
 */
export async function readBundle(file: string): Promise<Contents & { readonly manifest: Manifest }> {
  return openBundle(await readUntrustedArchive(file, LIMITS), file);
}

/** Lays a bundle's evidence and captures out as a run would have. */
export async function unpackBundle({ evidence, captures }: Contents, directory: string): Promise<void> {
  for (const [id, one] of evidence) {
    await replaceFile(join(directory, id, 'evidence.json'), evidenceJson(one));
  }
  for (const [path, content] of captures) await replaceFile(join(directory, path), content);
}

/**
 * What a report directory holds.
 *
 * @throws DoctorError `INPUT_INVALID` when it holds no evidence
 */
export async function contentsOf(directory: string): Promise<Contents> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new DoctorError('INPUT_INVALID', `${directory} cannot be read: ${messageOf(cause)}.`, { hint: WHAT, cause });
  });
  const result = entries.some(({ name }) => name === 'result.json') ? await readResult(directory) : undefined;
  const evidence = new Map<string, Evidence>();
  const captures = new Map<string, Buffer>();
  for (const id of entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)) {
    const own = await readdir(join(directory, id));
    if (own.includes('evidence.json')) evidence.set(id, await readEvidence(join(directory, id, 'evidence.json')));
    for (const name of await readdir(join(directory, id, 'captures')).catch(() => []))
      if (name.endsWith('.pcap'))
        captures.set(`${id}/captures/${name}`, await readFile(join(directory, id, 'captures', name)));
  }
  if (evidence.size === 0) throw new DoctorError('INPUT_INVALID', `${directory} holds no evidence.`, { hint: WHAT });
  return { result, evidence, captures };
}

const WHAT = 'Name the report directory of a run, such as reports/latest.';
