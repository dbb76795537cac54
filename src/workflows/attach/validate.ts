import type { Inspected } from '../../engine/engine.js';
import type { NetworkFact, Refusal } from '../../evidence/facts.js';
import { familyOf, sameAddress } from '../../ip.js';
import type { Survey } from '../../probes/facts/survey.js';
import type { Result, ScenarioResult } from '../../report/result.js';
import type { CheckPlan, NetworkPlan, Target } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';
import { distinct, reachesHost, questionsOf, type Questions, type Wishes } from './questions.js';
import { liveContainer, surroundings, type Surroundings } from './surroundings.js';
import { refuseParentInUse } from './parent-in-use.js';
import { candidates, tryOut, TRIAL_CONTAINERS } from './try-out.js';
import { examineAttached, type Means } from './examine-attached.js';
import type { GatewaySide } from './gateway-side.js';
import { vantagePointsOn } from './vantage-points.js';
import { idFor } from '../keep-evidence.js';
import { observer, type Observer } from './observer.js';
import { attachedResultOf, type AttachOptions } from './attach-session.js';

/** What is to be deployed, and what is known of the network it is for. */
export interface ValidateOptions extends AttachOptions, Pick<Wishes, 'addresses' | 'name'> {
  readonly network: NetworkPlan;
  readonly peers: readonly string[];
  /** The LAN router's addresses; empty when it is to be found. */
  readonly gateway: readonly string[];
  readonly gatewaySide: GatewaySide;
}

/**
 * Tries a network out before anything is deployed on it: creates it on the real parent with two containers, checks all that must
 * work, and removes it. What Docker rejects is a result too. A parent whose containers the trial would cut off is not touched: the
 * result's error is then `HOST_CONFLICT`.
 */
export function validate(options: ValidateOptions): Promise<Result> {
  return attachedResultOf('validate', options, async (session) => {
    const looking = await observer(session, options);
    const before = await session.clock.time('survey', () => looking.survey({ nodes: [], names: [] }));
    await refuseParentInUse(options.network, session.engine, (parent) => looking.children(parent));
    const taken = await session.clock.time('addresses', () => takenAddresses(options.network, before, looking));
    options.onStep('creating the network and two containers');
    const { id: image } = await session.image();
    const tried = await session.clock.time('create', () =>
      tryOut(options.network, {
        engine: session.engine,
        cleanup: session.cleanup,
        image,
        run: session.run,
        not: taken,
      }),
    );
    const running = tried.containers.filter(({ pid }) => pid > 0);
    const surveyed = await looking.survey({ nodes: running.map(liveContainer), names: [] });
    return inUse(await examined({ ...tried, surveyed }, options, { session, observer: looking, options }), taken);
  });
}

interface Tried {
  readonly network: NetworkFact;
  readonly containers: readonly Inspected[];
  readonly refusals: readonly Refusal[];
  readonly surveyed: Survey;
}

function examined(tried: Tried, options: ValidateOptions, means: Means): Promise<ScenarioResult> {
  const { network, containers, refusals, surveyed } = tried;
  const networks = [network];
  const around = surroundings({ networks, containers, host: surveyed, ...options, internet: options.addresses });
  const [first] = containers;
  const { driver, mode, parent, subnets } = options.network;
  return examineAttached(
    {
      ...trialQuestions(tried, around, options),
      networks,
      containers,
      refusals,
      around,
      surveyed,
      gatewaySide: options.gatewaySide,
      id: idFor(network.name),
      title: `${driver} ${mode ?? ''} on ${parent ?? 'no parent'}: ${subnets.map(({ subnet }) => subnet).join(', ')}`,
      why: `Two containers (${TRIAL_CONTAINERS.join(', ')}) were started on it and asked; they are removed again.`,
      captures: vantagePointsOn({ around, surveyed }, first ? [first.name] : []),
      gate: true,
      warnings: means.observer.lost.length > 0 ? [UNASKED] : [],
    },
    means,
  );
}

/** The usual checks of the first container; of the second, whether it reaches the first and the gateway. */
function trialQuestions(
  { network, containers, surveyed }: Tried,
  around: Surroundings,
  options: ValidateOptions,
): Questions {
  const [first, second] = containers.map((container) => ({
    container,
    ...questionsOf({ container, networks: [network], nodes: around.facts }, { ...options, targets: [], resolved: {} }),
  }));
  const near = [first?.container.name, around.gateway?.name].filter((name) => name !== undefined);
  const checks = [
    ...(first?.checks ?? []),
    ...(second?.checks.filter(({ to }) => to.node !== undefined && near.includes(to.node)) ?? []),
    ...(first ? furtherChecks(first.container, network, { around, surveyed }) : []),
  ];
  const asked = new Set(checks.map(({ id }) => id));
  const comparisons = [...(first?.comparisons ?? []), ...(second?.comparisons ?? [])];
  return { checks, comparisons: distinct(comparisons).filter(({ id }) => !asked.has(id)) };
}

/** What only a helper on the host can ask. */
const UNASKED =
  'Not tested: whether another machine on the LAN has addresses of the range, whether the host is isolated from its containers, and whether packets of the size of the parent’s MTU pass.';

/** A packet as large as the parent takes, to the gateway; and that the host does not reach its own children, as is meant. */
function furtherChecks(
  first: Inspected,
  network: NetworkFact,
  { around, surveyed }: { readonly around: Surroundings; readonly surveyed: Survey },
): readonly CheckPlan[] {
  const own = first.attachments[0]?.addresses[0];
  const mtu = surveyed.links.find(({ name }) => name === network.parent)?.mtu;
  const gateway = gatewayTarget(around, own);
  const host = around.live.find(({ kind }) => kind === 'host');
  const largest = gateway && mtu !== undefined ? [makeCheck(first.name, gateway, { protocol: 'mtu', bytes: mtu })] : [];
  if (!host || own === undefined || reachesHost(network) || host.addresses.length === 0) return largest;
  const target = { label: first.name, node: first.name, name: undefined, address: own };
  return [...largest, { ...makeCheck(host.name, target, { protocol: 'icmp' }), expect: { kind: 'blocked' } }];
}

/** The gateway, by its address in the family of a container's own. */
function gatewayTarget({ gateway }: Surroundings, own: string | undefined): Target | undefined {
  const address = gateway?.addresses.find((one) => own !== undefined && familyOf(one) === familyOf(own));
  if (!gateway || address === undefined) return undefined;
  return { label: gateway.name, node: gateway.name, name: undefined, address };
}

/** Addresses Docker could give to a container although another machine on the parent's LAN has them. */
async function takenAddresses(network: NetworkPlan, { links }: Survey, looking: Observer): Promise<readonly string[]> {
  const { parent } = network;
  const link = links.find(({ name }) => name === parent);
  if (parent === undefined || link === undefined || reachesHost(network)) return [];
  const addresses = candidates(network);
  const hosts = addresses.filter((one) => link.addresses.some((own) => sameAddress(own, one)));
  return [...hosts, ...(await looking.inUse({ parent, addresses }))];
}

function inUse(result: ScenarioResult, taken: readonly string[]): ScenarioResult {
  if (taken.length === 0) return result;
  const text = `Docker may hand out ${taken.join(', ')}, which another machine on the LAN has already: choose another range with --ip-range, or reserve them with --aux-address.`;
  if (result.causes.length > 0) return { ...result, warnings: [...result.warnings, text] };
  return { ...result, verdict: 'fail', headline: text };
}
