import type { Refusal } from '../../evidence/facts.js';
import type { Result, ScenarioResult } from '../../report/result.js';
import { isAddress } from '../../ip.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { askedAddresses } from './asked-addresses.js';
import type { ClientEvidence } from '../../probes/client/client-evidence.js';
import { attach, type Attached } from './attach.js';
import { examineListened, type ListenWish } from './listen.js';
import { distinct, parseTarget, questionsOf, type Questions } from './questions.js';
import { resolverQuestions, withResolvers } from './resolver-questions.js';
import { localOnly } from './services.js';
import { siblingQuestions } from './sibling-questions.js';
import { sizeQuestions } from './size-questions.js';
import { liveContainer, surroundings, type Surroundings } from './surroundings.js';
import { examineAttached, type Means } from './examine-attached.js';
import type { GatewaySide } from './gateway-side.js';
import { vantagePointsOn } from './vantage-points.js';
import { idFor } from '../keep-evidence.js';
import { observer } from './observer.js';
import { attachedResultOf, type AttachOptions } from './attach-session.js';

/** What to diagnose, and what only the user knows. */
export interface DiagnoseOptions extends AttachOptions {
  /** Name or id. */
  readonly container: string;
  /** `NAME`, `ADDRESS`, a sibling, each perhaps with `:PORT`; empty for the usual ones. */
  readonly targets: readonly string[];
  /** Addresses of machines on the LAN. */
  readonly peers: readonly string[];
  /** The gateway's addresses; empty when it is to be found. */
  readonly gateway: readonly string[];
  readonly addresses: readonly string[];
  readonly name: string;
  readonly gatewaySide: GatewaySide;
  /** What a LAN client printed; absent where none was asked. */
  readonly client?: ClientEvidence | undefined;
  /** Listens to the container's own traffic instead of asking anything. Absent: it asks. */
  readonly listen?: ListenWish | undefined;
}

/**
 * Finds out why a container that already runs does not reach its targets. Host and container are not changed: a temporary helper
 * container looks, and is removed.
 */
export function diagnoseContainer(options: DiagnoseOptions): Promise<Result> {
  return attachedResultOf('diagnose', options, async (session) => {
    options.onStep(`looking for ${options.container}`);
    const attached = await session.clock.time('attach', () => attach(session.engine, options.container));
    return examined(attached, options, { session, observer: await observer(session, options), options });
  });
}

async function examined(attached: Attached, options: DiagnoseOptions, means: Means): Promise<ScenarioResult> {
  const { container, networks } = attached;
  const containers = [container, ...attached.siblings];
  const surveyed = await means.session.clock.time('survey', () =>
    means.observer.survey({
      nodes: container.pid > 0 ? [liveContainer(container)] : [],
      names: namesToLookUp(options.targets, containers),
    }),
  );
  const around = surroundings({ networks, containers, host: surveyed, ...options, internet: options.addresses });
  const asking = { container, networks, nodes: around.facts };
  const questions = questionsOf(asking, { ...options, resolved: surveyed.resolved });
  const listening = { container, networks, sockets: surveyed.sockets[container.name] ?? [] };
  // Who names targets asks about those.
  const inbound = options.targets.length === 0 ? listening : undefined;
  const further = furtherQuestions(questions, { container: container.name, nodes: around.facts, surveyed });
  const inspected = withResolvers(container, surveyed);
  const servers = without(resolverQuestions(inspected, around.facts), [...asked(questions), ...further]);
  const system = {
    checks: [...questions.checks, ...(inbound ? siblingQuestions(inbound, attached.siblings) : [])],
    comparisons: [...questions.comparisons, ...further, ...servers],
    servers: { container: container.name, asked: new Set(servers.map(({ id }) => id)) },
    ...(inbound ? { inbound } : {}),
    networks,
    containers: [inspected, ...attached.siblings],
    around,
    surveyed,
    ...(options.targets.length > 0 ? { named: true as const } : {}),
    gatewaySide: options.gatewaySide,
    client: options.client,
    ...described(attached, around),
    holders: askedAddresses({ around, surveyed, networks, container }),
    captures: vantagePointsOn({ around, surveyed }, [container.name]),
    warnings: [...warningsOf(attached, around), ...(inbound ? localOnly(inbound) : [])],
  };
  return options.listen
    ? examineListened({ ...system, inbound: listening }, options.listen, means)
    : examineAttached(system, means);
}

function described(attached: Attached, around: Surroundings) {
  return {
    id: idFor(attached.container.name),
    title: placeOf(attached),
    why: `Found by itself: ${foundOut(attached, around)}`,
    refusals: refusalsOf(attached),
  };
}

function warningsOf({ passedOver }: Attached, { gateway }: Surroundings): readonly string[] {
  return [...passedOver, ...(gateway ? [] : [NO_GATEWAY])];
}

/** Names that the user gave as targets, other than those of containers. */
function namesToLookUp(
  targets: readonly string[],
  containers: readonly { readonly name: string }[],
): readonly string[] {
  const hosts = targets.map((text) => parseTarget(text).host);
  return hosts.filter((host) => !isAddress(host) && !containers.some(({ name }) => name === host));
}

/** What is asked beside the usual questions, so that causes can compare. */
function furtherQuestions(questions: Questions, to: Parameters<typeof sizeQuestions>[1]): readonly CheckPlan[] {
  return without(sizeQuestions(asked(questions), to), asked(questions));
}

function asked({ checks, comparisons }: Questions): readonly CheckPlan[] {
  return [...checks, ...comparisons];
}

/** Each check once that is none of some others. */
function without(checks: readonly CheckPlan[], others: readonly CheckPlan[]): readonly CheckPlan[] {
  const known = new Set(others.map(({ id }) => id));
  return distinct(checks).filter(({ id }) => !known.has(id));
}

/** Docker keeps what it said when a start failed. */
function refusalsOf({ container, networks }: Attached): readonly Refusal[] {
  const { name, attachments, startError } = container;
  if (startError === undefined || container.pid > 0) return [];
  const addresses = attachments.flatMap((attachment) => attachment.addresses);
  const mac = attachments.find((attachment) => attachment.mac !== undefined)?.mac;
  return [{ step: 'start-container', networks, container: { name, addresses, mac }, message: startError }];
}

const NO_GATEWAY = 'No gateway was found on the parent: name it with --router-address ADDRESS.';

/** `running on ipvlan_net (ipvlan l3 on enp0s3)` */
function placeOf({ container, networks }: Attached): string {
  const places = networks.map(({ name, driver, mode, parent }) => {
    return `${name} (${[driver, mode].filter(Boolean).join(' ')}${parent ? ` on ${parent}` : ''})`;
  });
  return `${container.state} on ${places.join(' and ')}`;
}

function foundOut({ siblings }: Attached, { live, gateway }: Surroundings): string {
  const host = live.find(({ kind }) => kind === 'host');
  const names = siblings.map(({ name }) => name).join(', ');
  return [
    siblings.length > 0 ? `${siblings.length} other containers (${names})` : 'no other container',
    `the host ${host?.addresses.join(' and ') || 'without an address'}`,
    gateway ? `the gateway ${gateway.addresses.join(' and ')} (${gateway.foundBy})` : 'no gateway',
  ]
    .join(', ')
    .concat('.');
}
