import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DoctorError } from '../errors.js';
import { resolveEndpoint, type Endpoint, type EndpointSources } from './endpoint.js';

/** How an engine is reached again from a later process, independent of its environment. */
export type EngineAddress =
  | {
      readonly kind: 'lab';
      readonly name: string;
      /** ISO 8601, UTC: a lab of the same name that was started later is another machine. */
      readonly startedAt: string;
    }
  | {
      readonly kind: 'endpoint';
      /** For people, as {@link Endpoint.name}. */
      readonly name: string;
      /** A host as `--engine` takes it; absent where a context names it. */
      readonly engine?: string | undefined;
      readonly context?: string | undefined;
      /** Variables of the docker client that matter to it, with absolute paths. No secrets: files are named only. */
      readonly env: Readonly<Record<string, string>>;
    };

/** What to call an engine in a sentence, and what `--engine` takes for a lab. */
export function nameOfAddress(address: EngineAddress): string {
  return address.kind === 'lab' ? `lab:${address.name}` : address.name;
}

/**
 * Pins down the engine that these sources lead to now.
 *
 * @throws DoctorError as {@link resolveEndpoint}
 */
export function addressOf(sources: EndpointSources): EngineAddress {
  const { env } = sources;
  const { name, context } = resolveEndpoint(sources);
  const paths = {
    DOCKER_CONFIG: resolve(env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker')),
    ...(env['DOCKER_CERT_PATH'] ? { DOCKER_CERT_PATH: resolve(env['DOCKER_CERT_PATH']) } : {}),
  };
  const switches = ['DOCKER_TLS_VERIFY', 'DOCKER_TLS'].flatMap((key) => (env[key] ? [[key, env[key]]] : []));
  return {
    kind: 'endpoint',
    name,
    ...(context === undefined ? { engine: absolute(name) } : { context }),
    env: { ...paths, ...(Object.fromEntries(switches) as Record<string, string>) },
  };
}

/**
 * The endpoint of an address.
 *
 * @throws DoctorError `ENGINE_UNREACHABLE` when its context leads to another engine by now; as {@link resolveEndpoint}
 */
export function endpointAt({ name, engine, context, env }: Extract<EngineAddress, { kind: 'endpoint' }>): Endpoint {
  const endpoint = resolveEndpoint({ engine, context, env });
  if (context === undefined || endpoint.name === name) return endpoint;
  throw new DoctorError('ENGINE_UNREACHABLE', `It worked on the ${name}, and that context is now ${endpoint.name}.`, {
    hint: `Set the context back, or make another that leads there.`,
  });
}

function absolute(host: string): string {
  return /^unix:\/\/./.test(host) ? `unix://${resolve(host.slice('unix://'.length))}` : host;
}
