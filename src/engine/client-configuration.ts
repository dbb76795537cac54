import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DoctorError, messageOf } from '../errors.js';
import { didYouMean } from '../suggest.js';

/** The client's side of TLS, in PEM. */
export interface TlsMaterial {
  /** Absent: the system's authorities. */
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** False accepts any server: `SkipTLSVerify`. */
  readonly verify: boolean;
}

/** What the docker client left on disk: its current context, its contexts and their certificates. */
export interface ClientConfiguration {
  currentContext(): string | undefined;
  context(name: string): { readonly host: string; readonly tls: TlsMaterial | undefined };
  /** The material for a host given as such, from `DOCKER_CERT_PATH` or the configuration directory. */
  hostTls(env: Environment): TlsMaterial;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param directory `DOCKER_CONFIG` or `~/.docker` when absent */
export function clientConfiguration(env: Environment, directory?: string): ClientConfiguration {
  const root = directory ?? (env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker'));
  return {
    currentContext: () => readJson(join(root, 'config.json'), CONFIG)?.currentContext,
    context: (name) => readContext(root, name),
    hostTls: (host) => hostTls(host['DOCKER_CERT_PATH'] || root, Boolean(host['DOCKER_TLS_VERIFY'])),
  };
}

const CONFIG = z.object({ currentContext: z.string().optional() });
const META = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }) }),
});

function readContext(root: string, name: string): ReturnType<ClientConfiguration['context']> {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(root, 'contexts', 'meta', id, 'meta.json'), META);
  if (!meta) {
    const meant = didYouMean(name, contextNames(root));
    throw new DoctorError(
      'NOT_FOUND',
      `There is no Docker context called ${name} in ${join(root, 'contexts')}.${meant}`,
      {
        hint: '"docker context ls" shows those there are.',
      },
    );
  }
  const { Host: host, SkipTLSVerify: skip = false } = meta.Endpoints.docker;
  const material = readPem(join(root, 'contexts', 'tls', id, 'docker'), !skip);
  return { host, tls: skip || material.ca || material.cert ? material : undefined };
}

/** Names of the contexts that can be read: a suggestion must not fail over one that cannot. */
function contextNames(root: string): string[] {
  try {
    const meta = join(root, 'contexts', 'meta');
    return readdirSync(meta).flatMap((id) => readJson(join(meta, id, 'meta.json'), META)?.Name ?? []);
  } catch {
    return [];
  }
}

function hostTls(directory: string, verify: boolean): TlsMaterial {
  const material = readPem(directory, verify);
  if (!verify || material.ca) return material;
  throw new DoctorError('INPUT_INVALID', `DOCKER_TLS_VERIFY is set, and there is no ca.pem in ${directory}.`, {
    hint: 'Set DOCKER_CERT_PATH to the directory that holds ca.pem, cert.pem and key.pem.',
  });
}

function readPem(directory: string, verify: boolean): TlsMaterial {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(join(directory, name)));
  if (Boolean(cert) === Boolean(key)) return { ca, cert, key, verify };
  throw new DoctorError('INPUT_INVALID', `${directory} has only one of cert.pem and key.pem.`, {
    hint: 'A client certificate needs both; put the other one there.',
  });
}

function readJson<Content>(file: string, schema: z.ZodType<Content>): Content | undefined {
  const text = read(file);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text.toString()));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, ' ') : messageOf(error);
    throw new DoctorError('INPUT_INVALID', `${file} is damaged: ${why}`, {
      hint: 'It belongs to the docker client. Repair it, or say which engine to use with --engine unix:///var/run/docker.sock.',
      cause: error,
    });
  }
}

/** A file's content; `undefined` when there is none. */
function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DoctorError('INPUT_INVALID', `${file} cannot be read: ${messageOf(error)}.`, {
      hint: 'It belongs to the docker client: check who owns it.',
      cause: error,
    });
  }
}
