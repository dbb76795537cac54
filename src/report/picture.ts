import type { Driver } from '../scenario/plan.js';
import type { Hop } from '../path/hop.js';
import type { FlowPath, HopObservation, PathHop } from '../path/path.js';
import type { ScenarioResult } from './result.js';
import { HOP_TEXTS } from './words/hop.js';
import { kernelText, pathVerdictText } from './words/path.js';

/** How far a packet got, at one place of its path. State is always a word and a sign, never a colour alone. */
export interface Station {
  readonly hop: Hop;
  readonly node: string;
  /** One word or two, for a drawing. */
  readonly label: string;
  readonly description: string;
  readonly state: StationState;
}

/** `failed`: lost there, as was seen or predicted. `suspected`: lost there or later, at a place that was not looked at. */
export type StationState = 'passed' | 'failed' | 'suspected' | 'not reached' | 'not visible';

/** A sign for each state, so that none is a colour alone. */
export const MARKS: Readonly<Record<StationState, string>> = {
  passed: '✔',
  failed: '✘',
  suspected: '?',
  'not reached': '·',
  'not visible': '?',
};

/** The forward and return path of one flow, as two rows. */
export interface Picture {
  /** The flow's id. */
  readonly flow: string;
  readonly forward: readonly Station[];
  readonly return: readonly Station[];
  /** What measurement and model say together, in one sentence, with the last place the packet was seen at. */
  readonly caption: string;
  /** What the kernel says it dropped there, on one line; absent where it does not say. */
  readonly kernel: string | undefined;
}

const LABELS: Readonly<Record<Hop, string>> = {
  engine: 'Docker',
  container: 'container',
  'container-route': 'its routes',
  'container-firewall': 'its filter',
  sibling: 'shared parent',
  ipvlan: 'link to parent',
  'host-route': 'host routes',
  'host-output': 'host OUTPUT',
  'host-input': 'host INPUT',
  'host-forward': 'host FORWARD',
  parent: 'parent',
  lan: 'LAN',
  gateway: 'gateway',
  'gateway-route': 'gateway route',
  'gateway-forward': 'gateway filter',
  'gateway-nat': 'NAT',
  'gateway-route-back': 'gateway route',
  uplink: 'uplink',
  'far-route': 'its routes',
  target: 'target',
};

/** Hops a drawing leaves out as long as nothing happens at them. */
const QUIET: ReadonlySet<Hop> = new Set(['container-firewall', 'gateway-forward', 'gateway', 'host-forward']);

const STATES: Readonly<Record<HopObservation, StationState>> = {
  passed: 'passed',
  lost: 'failed',
  'not reached': 'not reached',
  'not visible': 'not visible',
};

/** Where the packet is lost, of the flow that the headline is about; `undefined` when there is none, or it has no path. */
export function pictureOf({ paths, flow }: ScenarioResult): Picture | undefined {
  const path = paths.find(({ id }) => id === flow);
  if (!path) return undefined;
  const stations = (hops: readonly PathHop[]) =>
    hops.filter(({ hop, observed }) => observed === 'lost' || !QUIET.has(hop)).map(station);
  const [there, back] = [stations(path.forward), stations(path.return)];
  const ends = path.end?.direction;
  return {
    flow: path.id,
    forward: ends === 'forward' ? withGoal(there, 'target') : there,
    return: ends === 'return' ? withGoal(back, 'container') : back,
    caption: caption(path),
    kernel: kernelText(path.end?.kernel),
  };
}

/** A path that stops short still shows where it was meant to lead. */
function withGoal(stations: readonly Station[], goal: 'target' | 'container'): readonly Station[] {
  if (stations.some(({ hop }) => hop === 'target' || hop === 'container')) return stations;
  return [
    ...stations,
    { hop: goal, node: '', label: LABELS[goal], description: HOP_TEXTS[goal], state: 'not reached' },
  ];
}

const DRIVERS: Readonly<Record<Driver, string>> = { ipvlan: 'IPvlan', macvlan: 'macvlan', bridge: 'bridge' };

function station({ hop, node, text, observed, predicted, traced, driver }: PathHop): Station {
  const unseen = observed === 'lost' && predicted.verdict === 'unknown' && traced === undefined;
  const state = unseen ? 'suspected' : STATES[observed];
  const label = hop === 'ipvlan' && driver ? DRIVERS[driver] : LABELS[hop];
  return { hop, node, label, description: `${HOP_TEXTS[hop]}: ${text}`, state };
}

function caption(path: FlowPath): string {
  const { end, agreement } = path;
  const seen = end?.lastSeen === undefined ? '' : ` Last seen at ${end.lastSeen.device} on ${end.lastSeen.node}.`;
  return `${pathVerdictText(path)}${seen}${agreement === 'agree' ? '' : ` (${agreement})`}`;
}
