import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack as newPack, type Header, type Pack } from 'tar-stream';
import { DoctorError } from '../errors.js';

/** What an archive says of one of its entries. Names carry no leading `./` and no trailing `/`. */
export interface TarEntry {
  readonly name: string;
  readonly type: Header['type'];
  /** Target of a symbolic or hard link, as the archive has it; absent for other entries. */
  readonly link: string | undefined;
}

/** The files of an archive in memory, by name. Directories and links are left out. */
export async function unpack(archive: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = entriesOf(Readable.from([archive]));
  for await (const entry of entries) {
    const content = await buffer(entry);
    if (entry.header.type === 'file') files.set(plain(entry.header.name), content);
  }
  return files;
}

/** An archive of files in memory, each readable by every user. */
export async function pack(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = newPack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  return buffer(archive);
}

/** Reads an archive file through, handing over the content of those entries that `wanted` picks. */
export async function readTar(
  path: string,
  visit: (entry: TarEntry, content: () => Promise<Buffer>) => Promise<void> | void,
): Promise<void> {
  for await (const entry of entriesOf(createReadStream(path))) {
    await visit(described(entry.header), () => buffer(entry));
    entry.resume();
  }
}

/** Copies those entries of an archive file that `keep` picks into another, with owners, modes and times as they are. */
export async function filterTar(from: string, to: string, keep: (entry: TarEntry) => boolean): Promise<void> {
  const target = newPack();
  const written = pipeline(target, createWriteStream(to));
  for await (const entry of entriesOf(createReadStream(from))) {
    if (keep(described(entry.header))) await copyEntry(target, entry.header, entry);
    else entry.resume();
  }
  target.finalize();
  await written;
}

/** What `docker load` takes: an image of one layer. */
export interface ImageDescription {
  readonly layer: string;
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Writes an image archive in the format of `docker save`. */
export async function writeImageArchive(to: string, { layer, tag, labels }: ImageDescription): Promise<void> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(layer), digest);
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['sh'], Labels: labels },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest.digest('hex')}`] },
  });
  const target = newPack();
  const written = pipeline(target, createWriteStream(to));
  target.entry(
    { name: 'manifest.json' },
    JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] }]),
  );
  target.entry({ name: 'config.json' }, config);
  await copyEntry(target, { name: 'layer.tar', size: (await stat(layer)).size }, createReadStream(layer));
  target.finalize();
  await written;
}

/** Larger entries of an image archive are layers. */
const LARGEST_CONFIG = 1_048_576;

/**
 * Id of the one image in an archive of `docker save`: the digest of its configuration, which names the digests of its layers.
 *
 * @throws DoctorError `INPUT_INVALID` when it does not hold exactly one image
 */
export async function imageIdIn(path: string): Promise<string> {
  const small = new Map<string, Buffer>();
  const source = createReadStream(path);
  try {
    for await (const entry of entriesOf(source)) {
      const { name, size } = entry.header;
      if (size > LARGEST_CONFIG) entry.resume();
      else small.set(plain(name), await buffer(entry));
      const config = configIn(small);
      if (config) return `sha256:${createHash('sha256').update(config).digest('hex')}`;
    }
  } finally {
    source.destroy();
  }
  throw new DoctorError('INPUT_INVALID', `${path} does not hold exactly one image.`);
}

function configIn(files: ReadonlyMap<string, Buffer>): Buffer | undefined {
  const manifest = files.get('manifest.json');
  if (!manifest) return undefined;
  const images = JSON.parse(manifest.toString()) as readonly { readonly Config: string }[];
  return images.length === 1 ? files.get(images[0]?.Config ?? '') : undefined;
}

/** An archive's entries in order; each must be read or resumed before the next comes. */
export function entriesOf(source: Readable): ReturnType<typeof extract> {
  const entries = extract();
  source.on('error', (error) => entries.destroy(error));
  source.pipe(entries);
  return entries;
}

async function copyEntry(
  target: Pack,
  header: Partial<Header> & Pick<Header, 'name'>,
  content: AsyncIterable<unknown>,
): Promise<void> {
  const sink = target.entry(header);
  for await (const chunk of content) {
    if (!sink.write(chunk)) await once(sink, 'drain');
  }
  sink.end(undefined);
}

function described({ name, type, linkname }: Header): TarEntry {
  return { name: plain(name), type, link: linkname || undefined };
}

function plain(name: string): string {
  return name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
}
