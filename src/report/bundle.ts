import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DoctorError, messageOf } from '../errors.js';
import { EVIDENCE_VERSION, type Evidence } from '../evidence/evidence.js';
import { evidenceJson, parseEvidence } from '../evidence/file.js';
import { TOOL } from '../version.js';
import { isOfOlderFormat, parseResult, resultJson } from './json.js';
import { RESULT_VERSION, type Result } from './result.js';

/** Version of the bundle format, semver: readers accept any bundle of the same major version. */
export const BUNDLE_VERSION = '1.1.0';

/** What a bundle holds, besides its manifest. */
export interface Contents {
  /** Absent when the run it is of left none. */
  readonly result: Result | undefined;
  /** By the id of its scenario, which is also its folder. */
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** Capture files by their path in the bundle: `webapp/captures/host-eth0.pcap`. */
  readonly captures: ReadonlyMap<string, Buffer>;
}

/** What was done so that a reader cannot tell whose network it is. */
export interface Redaction {
  /** Tokens that stand for something else now, by kind; what they stand for is nowhere in the bundle. */
  readonly replaced: readonly { readonly kind: string; readonly tokens: readonly string[] }[];
  /** Kinds of things that were not replaced. Absent in bundles of older versions. */
  readonly kept?: readonly string[] | undefined;
  /** What could not be redacted and was left out, one sentence each. */
  readonly leftOut: readonly string[];
}

/** A bundle as it is on disk: see `schema bundle`. */
export const manifestSchema = z.object({
  format: z.literal('ipvlan-doctor bundle'),
  schemaVersion: z.string(),
  tool: z.object({ name: z.string(), version: z.string() }),
  createdAt: z.string(),
  schemas: z.object({ result: z.string().optional(), evidence: z.string().optional() }),
  redaction: z
    .object({
      replaced: z.array(z.object({ kind: z.string(), tokens: z.array(z.string()) })),
      kept: z.array(z.string()).optional(),
      leftOut: z.array(z.string()),
    })
    .optional(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

export type Manifest = z.infer<typeof manifestSchema>;

const MANIFEST = 'manifest.json';
const RESULT = 'result.json';
const EVIDENCE = /^([^/]+)\/evidence\.json$/;
const CAPTURE = /^[^/]+\/captures\/[^/]+\.pcap$/;

/** The files of a bundle, its manifest first. */
export function bundleFiles(
  { result, evidence, captures }: Contents,
  { createdAt, redaction }: { readonly createdAt: string; readonly redaction?: Redaction | undefined },
): Readonly<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {
    ...(result && { [RESULT]: Buffer.from(resultJson(result)) }),
    ...Object.fromEntries([...evidence].map(([id, one]) => [`${id}/evidence.json`, Buffer.from(evidenceJson(one))])),
    ...Object.fromEntries(captures),
  };
  const manifest = {
    format: 'ipvlan-doctor bundle',
    schemaVersion: BUNDLE_VERSION,
    tool: TOOL,
    createdAt,
    schemas: { result: result && RESULT_VERSION, evidence: evidence.size > 0 ? EVIDENCE_VERSION : undefined },
    redaction,
    files: Object.entries(files).map(([path, content]) => ({ path, bytes: content.length, sha256: sha256(content) })),
  };
  return { [MANIFEST]: Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`), ...files };
}

/**
 * Reads the files of an untrusted bundle: each must be the one its manifest names, and as it should be.
 *
 * @param source what they came from, for error messages
 * @throws DoctorError `INPUT_INVALID` saying what is wrong, and where
 */
export function openBundle(
  files: ReadonlyMap<string, Buffer>,
  source: string,
): Contents & { readonly manifest: Manifest } {
  const manifest = manifestOf(files.get(MANIFEST), source);
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  for (const [path, content] of files) {
    if (path === MANIFEST) continue;
    if (!listed.has(path)) throw rejected(source, `${path} is not in its manifest`);
    if (listed.get(path)?.sha256 !== sha256(content))
      throw rejected(source, `${path} is not what was put in: it was damaged or changed`);
  }
  const absent = manifest.files.find(({ path }) => !files.has(path));
  if (absent) throw rejected(source, `${absent.path} is missing`);
  return { manifest, ...contentsOf(files, source) };
}

function contentsOf(files: ReadonlyMap<string, Buffer>, source: string): Contents {
  const result = files.get(RESULT);
  const evidence = new Map<string, Evidence>();
  const captures = new Map<string, Buffer>();
  for (const [path, content] of files) {
    const id = EVIDENCE.exec(path)?.[1];
    if (id !== undefined) evidence.set(id, parseEvidence(content.toString(), `${source}, ${path}`));
    else if (CAPTURE.test(path)) captures.set(path, content);
  }
  if (evidence.size === 0) throw rejected(source, 'it holds no evidence');
  return { result: resultOf(result?.toString(), source), evidence, captures };
}

/** A result in an older format is left out: the evidence beside it says all that a diagnosis needs. */
function resultOf(text: string | undefined, source: string): Result | undefined {
  return text === undefined || isOfOlderFormat(text) ? undefined : parseResult(text, `${source}, ${RESULT}`);
}

function manifestOf(content: Buffer | undefined, source: string): Manifest {
  if (!content) throw rejected(source, `it has no ${MANIFEST}`);
  let value: unknown;
  try {
    value = JSON.parse(content.toString());
  } catch (error) {
    throw rejected(source, `its manifest is not JSON: ${messageOf(error)}`);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'string' && version.split('.')[0] !== BUNDLE_VERSION.split('.')[0])
    throw rejected(source, `it is of version ${version}, and this tool reads ${BUNDLE_VERSION.split('.')[0]}.x`);
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw rejected(source, `${MANIFEST}: ${first?.path.join('.')}: ${first?.message}`);
}

function rejected(source: string, why: string): DoctorError {
  return new DoctorError('INPUT_INVALID', `${source} is rejected: ${why}.`, {
    hint: 'A bundle is what "ipvlan-doctor collect" writes. Ask its sender to collect it again.',
  });
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
