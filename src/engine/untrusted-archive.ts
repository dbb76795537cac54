import { createReadStream } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DoctorError, messageOf } from '../errors.js';
import { entriesOf } from './archive.js';

/** How much an untrusted archive may hold. */
export interface Limits {
  readonly files: number;
  /** Bytes of one file, unpacked. */
  readonly fileBytes: number;
  /** Bytes of everything, unpacked, headers included. */
  readonly totalBytes: number;
}

const LONGEST_NAME = 255;

/**
 * The files of an untrusted `.tar.gz`, in memory and by name. Nothing is written to disk. Only plain files with plain names are
 * accepted.
 *
 * @throws DoctorError `INPUT_INVALID` saying what is wrong with it
 */
export async function readUntrustedArchive(path: string, limits: Limits): Promise<ReadonlyMap<string, Buffer>> {
  try {
    return await unpacked(createReadStream(path), limits);
  } catch (error) {
    if (error instanceof DoctorError) throw rejected(path, error.message, error);
    throw rejected(path, `it cannot be unpacked: ${whyNot(error)}`, error);
  }
}

async function unpacked(source: Readable, limits: Limits): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const plain = new PassThrough();
  const inflated = pipeline(source, createGunzip(), counted(limits.totalBytes), plain);
  // Without this handler the rejection would be unhandled while the entries are read. The loop below gets the error too.
  inflated.catch((error: unknown) => plain.destroy(error as Error));
  for await (const entry of entriesOf(plain)) {
    const { name, type, size } = entry.header;
    if (type === 'directory') {
      entry.resume();
      continue;
    }
    checkEntry({ name, type, size }, files, limits);
    files.set(name, await contentOf(entry, size));
  }
  await inflated;
  return files;
}

/** Passes bytes on until there are too many: a small file may unpack to any size. */
function counted(most: number) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > most) throw problem(`it unpacks to more than ${megabytes(most)}`);
      yield chunk;
    }
  };
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

function checkEntry({ name, type, size }: Entry, files: ReadonlyMap<string, Buffer>, limits: Limits): void {
  const shown = JSON.stringify(name.slice(0, LONGEST_NAME));
  if (type !== 'file') throw problem(`${shown} is a ${type}, and only plain files are allowed`);
  if (!isPlain(name)) throw problem(`${shown} would be written outside of its directory`);
  if (files.has(name)) throw problem(`${shown} is in it twice`);
  if (files.size >= limits.files) throw problem(`it holds more than ${limits.files} files`);
  if (size > limits.fileBytes) throw problem(`${shown} has more than ${megabytes(limits.fileBytes)}`);
}

/** A relative path of ordinary characters that goes down only. */
function isPlain(name: string): boolean {
  const parts = name.split('/');
  return name.length <= LONGEST_NAME && parts.every((part) => /^[\w.@+=,:-]+$/.test(part) && !/^\.+$/.test(part));
}

async function contentOf(entry: AsyncIterable<unknown>, size: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks);
  if (content.length !== size) throw problem('it ends in the middle of a file');
  return content;
}

function problem(message: string): DoctorError {
  return new DoctorError('INPUT_INVALID', message);
}

function rejected(path: string, why: string, cause: unknown): DoctorError {
  return new DoctorError('INPUT_INVALID', `${path} is not accepted: ${why}.`, {
    hint: 'A bundle is what "ipvlan-doctor collect" writes. Ask its sender to run that again.',
    cause,
  });
}

function whyNot(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'Z_BUF_ERROR') return 'it was cut short';
  if (code === 'Z_DATA_ERROR') return 'it is not a gzip file, or damaged';
  return messageOf(error).replace(/\.$/, '');
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}
