import type { AskedNetwork, ContainerFact, EngineFact, Refusal } from '../../evidence/facts.js';
import type { NetworkState } from '../../network/network-state.js';
import { found, type Found, type Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { distinctObservations, type Observation } from '../observation.js';
import { idsOf } from '../flow-questions.js';
import { macHolder } from './duplicate-mac.js';
import { MESSAGES, type EngineErrorCause } from './engine-messages.js';

/** What one message of the engine means. */
export interface Meaning {
  /** `undefined` for a message that is not in the catalogue. */
  readonly cause: EngineErrorCause | undefined;
  /** The words that the message names: a parent, an address, a mode. */
  readonly words: Readonly<Record<string, string | undefined>>;
}

/** What an engine's message means; the first that fits counts. */
export function meaningOf(message: string): Meaning {
  for (const [cause, patterns] of Object.entries(MESSAGES)) {
    for (const pattern of patterns) {
      const match = pattern.exec(message);
      if (match) return { cause: cause as EngineErrorCause, words: match.groups ?? {} };
    }
  }
  return { cause: undefined, words: {} };
}

/** One error of the engine, with what it stopped. */
export interface EngineError {
  readonly refusal: Refusal;
  readonly words: Meaning['words'];
  /** The network it is about, as it was asked for; `undefined` when it was about none. */
  readonly network: AskedNetwork | undefined;
  /** Containers that do not run because of it. */
  readonly stopped: readonly ContainerFact[];
}

/** What a cause of the engine is about. */
export interface EngineErrors {
  readonly errors: readonly EngineError[];
  /** The Docker host's node. */
  readonly host: string;
}

/** The engine's errors of one meaning, with the flows they stopped; `undefined` when there are none. */
export function engineErrors(
  cause: EngineErrorCause | undefined,
  { network, stopped }: Pick<Observed, 'network' | 'stopped'>,
): Found<EngineErrors> | undefined {
  const { names } = network;
  const errors = names.refusals.flatMap((refusal): EngineError[] => {
    const { words, ...meaning } = meaningOf(refusal.message);
    const told = meaning.cause ?? untold(refusal, network);
    if (told !== cause) return [];
    const containers = names.containers.filter((one) => stops(refusal, one));
    return [{ refusal, words, network: meant(refusal), stopped: containers }];
  });
  if (errors.length === 0) return undefined;
  return found({
    detail: { errors, host: names.hostName },
    explains: idsOf(stopped.filter((flow) => errors.some((one) => isStopped(flow, one)))),
    because: distinctObservations(errors.map(observation)),
  });
}

/**
 * A hook of Docker's sets up a container's links, and a runtime may leave out what the hook said. What the container asks for then
 * has to tell.
 */
function untold(refusal: Refusal, network: NetworkState): EngineErrorCause | undefined {
  if (refusal.step !== 'start-container' || !/(?:executing|running) (?:\w+ )?hook/.test(refusal.message))
    return undefined;
  if (macHolder(network, refusal)) return 'duplicate-mac-on-parent';
  return competesForDefault(refusal, network.names.engine) ? 'l3-beside-another-network' : undefined;
}

/** The first version in which a container can be on IPvlan L3 and on another network: moby#49130. */
const SHARES_DEFAULT_ROUTE = 28;

/** Default routes from two networks, one of them IPvlan L3. */
function competesForDefault({ networks }: Refusal, engine: EngineFact | undefined): boolean {
  if (engine && Number.parseInt(engine.version, 10) >= SHARES_DEFAULT_ROUTE) return false;
  const leadOut = networks.filter(({ internal, driver, parent }) => !internal && (driver === 'bridge' || parent));
  return leadOut.length > 1 && leadOut.some(({ mode }) => mode === 'l3' || mode === 'l3s');
}

/** Of a container's networks the one the message is about: by its driver, its parent or its id. */
function meant({ networks, message }: Refusal): AskedNetwork | undefined {
  const [, driver] = /\b(ipvlan|macvlan)\b/.exec(message) ?? [];
  return (
    networks.find(({ parent }) => parent !== undefined && message.includes(parent)) ??
    networks.find((network) => network.driver === driver) ??
    networks[0]
  );
}

function stops({ step, networks, container }: Refusal, { name, state, attachments }: ContainerFact): boolean {
  if (container) return name === container.name;
  const lacks = attachments.some(({ network }) => networks.some((asked) => asked.name === network));
  return step === 'create-network' && state !== 'running' && lacks;
}

function isStopped({ probe, from, to }: Flow, { stopped }: EngineError): boolean {
  if (probe.outcome.kind !== 'not-running') return false;
  return stopped.some(({ name }) => name === from.node?.name || name === to.node?.name);
}

function observation({ refusal: { step, container, message, networks } }: EngineError): Observation {
  return { kind: 'engine-error', step, object: container?.name ?? networks[0]?.name ?? '', message };
}

/** `webapp (192.168.10.10) does not run`, or, where nothing was to run, `The network office does not exist`. */
export function stopText({ stopped, refusal: { networks, container } }: EngineError): string {
  const [first, ...others] = stopped;
  if (!first) return container ? `${container.name} does not run` : `The network ${networks[0]?.name} does not exist`;
  const address = first.attachments[0]?.addresses[0];
  const named = address === undefined ? first.name : `${first.name} (${address})`;
  const names = others.map(({ name }) => name);
  return names.length === 0 ? `${named} does not run` : `${[named, ...names].join(', ')} do not run`;
}

/** One sentence for each error that is told otherwise than those before it. */
export function explainErrors<One extends EngineError>(errors: readonly One[], why: (one: One) => string): string {
  return [...new Set(errors.map((one) => `${stopText(one)}: ${why(one)}.`))].join(' ');
}
