import { stringify } from 'yaml';
import { FAULTS } from '../../src/faults/index.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Plan } from '../../src/scenario/plan.js';
import type { NodeCommand } from '../../src/topology/execute.js';
import { planAll } from '../../src/workflows/run/run.js';

/** What others call the things of our scenarios, in the order in which those name them. */
const WORDS = ['kiln', 'anvil', 'forge', 'crane', 'lathe', 'mill', 'press', 'winch', 'hoist', 'ladle'];

/** Others' addresses. What lies in one subnet of ours lies in one of theirs. */
const ADDRESSES: readonly (readonly [RegExp, string])[] = [
  [/\b192\.168\./g, '10.44.'],
  [/\b8\.8\.8\.8\b/g, '9.9.9.9'],
  [/\b1\.1\.1\.1\b/g, '149.112.112.112'],
  [/\b2001:db8:/g, '3fff:77:'],
  [/\b2001:4860:4860::8888\b/g, '2620:fe::9'],
];

/**
 * A built-in scenario as a free-form file: other addresses, names and interfaces, and what our catalogue breaks
 * as shell commands. Named `strange-ID`.
 *
 * @param id one that comes with the tool
 */
export async function freeForm(id: string): Promise<string> {
  const [plan] = await planAll([id]);
  if (!plan) throw new Error(`There is no scenario ${id}.`);
  const { scenario } = await loadScenario(`scenarios/${id}.yaml`);
  const file = { ...scenario, id: `strange-${id}`, site: siteOf(plan), faults: commandsOf(plan) };
  return ADDRESSES.reduce((text, [ours, theirs]) => text.replaceAll(ours, theirs), renamed(stringify(file), plan));
}

function siteOf({ site }: Plan): object {
  const { lan, host, gateway, peers, internet, resolver, vlans, platform } = site;
  return {
    lan,
    host: { interface: host.interface, address: host.addresses.map(bareOf), ...parentOf(host) },
    gateway: { address: gateway.addresses.map(bareOf), routes: gateway.routes, masquerades: gateway.masquerades },
    peers: peers.map(({ name, addresses }) => ({ name, address: addresses.map(bareOf) })),
    internet: { address: internet.addresses, names: internet.names },
    resolver,
    vlans: vlans.map(({ id, subnets, gateways }) => ({ id, subnet: subnets, gateway: gateways.map(bareOf) })),
    ...(platform ? { platform } : {}),
  };
}

function parentOf({ parent }: Plan['site']['host']): object {
  if (parent === undefined) return {};
  const { kind, legs, ...settings } = parent;
  return { parent: { [kind]: kind === 'bond' ? { ...settings, legs: legs.length } : settings } };
}

const bareOf = (address: string) => address.split('/')[0] ?? address;

function commandsOf(plan: Plan): readonly object[] {
  return plan.faults
    .flatMap((fault) =>
      fault.kind === 'command' ? [fault] : (FAULTS.get(fault.fault)?.commands(plan, fault.parameters) ?? []),
    )
    .map(written);
}

/** A command as a file has it. */
export function written({ on, run, undo }: NodeCommand): object {
  return { on, run, ...(undo === undefined ? {} : { undo }) };
}

function renamed(text: string, { site, networks, containers }: Plan): string {
  const ours = [...networks, ...containers, ...site.peers].map(({ name }) => name);
  const names = new Map(ours.map((name, index) => [name, WORDS[index] ?? `${name}-too`]));
  names.set(site.host.interface, 'lan5');
  names.set('google.com', 'example.org');
  const words = [...names.keys()].map((name) => name.replaceAll('.', String.raw`\.`)).join('|');
  return text.replaceAll(new RegExp(`(?<!\\w)(?:${words})(?!\\w)`, 'g'), (word) => names.get(word) ?? word);
}
