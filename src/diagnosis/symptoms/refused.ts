import type { AskedNetwork, ContainerFact, EngineFact, Refusal } from '../../evidence/facts.js';
import { found, type Found, type Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { idsOf } from '../flow-questions.js';
import { SENTENCES, type RefusalCause } from './refusal-sentences.js';

/** What one refusal means. */
export interface Meaning {
  /** `undefined` for a sentence that is not in the catalogue. */
  readonly cause: RefusalCause | undefined;
  /** The words that the sentence names: a parent, an address, a mode. */
  readonly words: Readonly<Record<string, string | undefined>>;
}

/** What an engine's sentence means; the first that fits counts. */
export function meaningOf(message: string): Meaning {
  for (const [cause, sentences] of Object.entries(SENTENCES)) {
    for (const sentence of sentences) {
      const match = sentence.exec(message);
      if (match) return { cause: cause as RefusalCause, words: match.groups ?? {} };
    }
  }
  return { cause: undefined, words: {} };
}

/** One refusal with what it stopped. */
export interface Refused {
  readonly refusal: Refusal;
  readonly words: Meaning['words'];
  /** The network it is about, as it was asked for; `undefined` when it was about none. */
  readonly network: AskedNetwork | undefined;
  /** Containers that do not run because of it. */
  readonly stopped: readonly ContainerFact[];
}

/** What a cause that reads refusals needs. */
export interface RefusalView extends Pick<Observed, 'stopped'> {
  readonly refusals: readonly Refusal[];
  readonly containers: readonly ContainerFact[];
  readonly engine?: EngineFact | undefined;
}

/** The refusals of one meaning, with the flows they stopped; `undefined` when there are none. */
export function refusedAs(
  cause: RefusalCause | undefined,
  { refusals, containers, stopped, engine }: RefusalView,
): Found<{ readonly refused: readonly Refused[] }> | undefined {
  const refused = refusals.flatMap((refusal): Refused[] => {
    const { words, ...meaning } = meaningOf(refusal.message);
    const told = meaning.cause ?? (fightsForDefaultRoute(refusal, engine) ? 'l3-beside-another-network' : undefined);
    if (told !== cause) return [];
    return [{ refusal, words, network: meant(refusal), stopped: containers.filter((one) => stops(refusal, one)) }];
  });
  if (refused.length === 0) return undefined;
  return found({
    detail: { refused },
    explains: idsOf(stopped.filter((flow) => refused.some((one) => isStopped(flow, one)))),
    because: [...new Set(refused.map(sentence))],
  });
}

/** The first version in which a container can be on IPvlan L3 and on another network: moby#49130. */
const SHARES_DEFAULT_ROUTE = 28;

/**
 * A runtime need not pass on what a hook of Docker's said, which is what sets a container's links up. That it failed for a
 * container to which two networks give a default route, one of them IPvlan L3, says enough.
 */
function fightsForDefaultRoute({ step, networks, message }: Refusal, engine: EngineFact | undefined): boolean {
  if (step !== 'start-container' || !/(?:executing|running) (?:\w+ )?hook/.test(message)) return false;
  if (engine && Number.parseInt(engine.version, 10) >= SHARES_DEFAULT_ROUTE) return false;
  const leadOut = networks.filter(({ internal, driver, parent }) => !internal && (driver === 'bridge' || parent));
  return leadOut.length > 1 && leadOut.some(({ mode }) => mode === 'l3' || mode === 'l3s');
}

/** Of a container on several networks the one the sentence speaks of: by its driver, its parent or its id. */
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

function isStopped({ probe, from, to }: Flow, { stopped }: Refused): boolean {
  if (probe.outcome.kind !== 'not-running') return false;
  return stopped.some(({ name }) => name === from.node?.name || name === to.node?.name);
}

const STEPS: Readonly<Record<Refusal['step'], string>> = {
  'create-network': 'create the network',
  'create-container': 'create the container',
  connect: 'connect the container',
  'start-container': 'start the container',
};

function sentence({ refusal: { step, container, message, networks } }: Refused): string {
  return `docker: refused to ${STEPS[step]} ${container?.name ?? networks[0]?.name}: "${message}".`;
}

/** `webapp (192.168.10.10) does not run`, or, where nothing was to run, `The network office does not exist`. */
export function stopText({ stopped, refusal: { networks, container } }: Refused): string {
  const [first, ...others] = stopped;
  if (!first) return container ? `${container.name} does not run` : `The network ${networks[0]?.name} does not exist`;
  const address = first.attachments[0]?.addresses[0];
  const named = address === undefined ? first.name : `${first.name} (${address})`;
  const names = others.map(({ name }) => name);
  return names.length === 0 ? `${named} does not run` : `${[named, ...names].join(', ')} do not run`;
}

/** One sentence for each refusal that is told otherwise than those before it. */
export function explainRefused<One extends Refused>(refused: readonly One[], why: (one: One) => string): string {
  return [...new Set(refused.map((one) => `${stopText(one)}: ${why(one)}.`))].join(' ');
}
