import { ConnectionError } from './connection-error.js';
import { DockerEngine } from './docker.js';
import { DockerClient } from './docker-client.js';
import type { Endpoint } from './endpoint.js';
import type { Engine } from './engine.js';
import { engineFact, engineId, isRootless } from './inspect-engine.js';
import { unreachable } from './refusal.js';
import { endedBy, until } from './until.js';

/** How long an engine that accepted the connection may take to say what it is, in milliseconds: it may be emulated. */
const GREETING_TIMEOUT_MS = 20_000;

/**
 * Connects to an engine and asks what it is.
 *
 * @param signal ends the greeting, and every later request except those that clean up
 * @throws DoctorError `ENGINE_UNREACHABLE` saying which endpoint, why, and what to do; the signal's reason when it aborts
 */
export async function connectEngine(endpoint: Endpoint, signal?: AbortSignal): Promise<Engine> {
  const client = new DockerClient(endpoint);
  try {
    const greeting = client.greet();
    const [version, info] = await inTime(signal ? endedBy(signal, greeting) : greeting);
    if (!version.ApiVersion) throw new Error('what answers there is not a Docker Engine');
    const about = { rootless: isRootless(info), id: engineId(version, info), facts: engineFact(version, info) };
    const engine = new DockerEngine(client, about);
    return signal ? until(signal, engine) : engine;
  } catch (error) {
    client.disconnect();
    throw unreachable(error, endpoint);
  }
}

async function inTime<Answer>(greeting: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionError('ETIMEDOUT', 'no answer')), GREETING_TIMEOUT_MS);
  });
  try {
    return await Promise.race([greeting, late]);
  } finally {
    clearTimeout(timer);
  }
}
