import type { Facts } from '../../../evidence/facts.js';
import { placeholder, operands, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { recreateNetwork, vlanOn } from '../../remedies/create-network.js';
import { hostName } from '../../reading.js';
import { explainRefused, refusedAs, type Refused } from '../../symptoms/refused.js';

/** Who has the parent's frames already. */
type Holder =
  | { readonly kind: 'network'; readonly name: string; readonly driver: string }
  | { readonly kind: 'controller'; readonly name: string }
  | { readonly kind: 'unseen' };

export const parentRxHandlerBusy = defineCause({
  id: 'parent-rx-handler-busy',
  title: 'The parent is in the hands of another driver',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  uses: ['nodes', 'networks', 'links'],
  background: `
    The kernel hands what a link receives to one taker: IPvlan, macvlan, a bridge, a bond, a team or Open vSwitch. Docker
    creates both an IPvlan and a macvlan network on one parent without a word; the first container that starts takes the
    link, and those of the other network fail with "device or resource busy". So do all where the parent is a port of a bridge or bond.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/drivers/macvlan/',
    'https://github.com/containernetworking/cni/issues/7',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const no = refusedAs('parent-rx-handler-busy', view);
    const [first] = no?.detail.refused ?? [];
    if (!no || !first) return undefined;
    const holder = holderOf(first, view);
    return { ...no, detail: { ...no.detail, holder }, because: [...no.because, ...seen(first, holder)] };
  },
  explain: ({ refused, holder }) =>
    explainRefused(
      refused,
      (one) =>
        `${one.words['driver']} cannot have ${one.network?.parent ?? 'the parent'}, which ${holderText(holder, one)} has already`,
    ),
  remedy: ({ refused, holder }) => {
    const [one] = refused;
    const parent = one?.network?.parent ?? placeholder('PARENT');
    const look = advice('See who has the parent', 'host', [
      sh`ip -d link show dev ${parent}`,
      sh`ip -br link | grep -F @${parent}`,
    ]);
    if (holder.kind === 'controller' && one?.network)
      return [
        recreateNetwork(`Attach the network to ${holder.name}, above the parent`, one.network, { parent: holder.name }),
        look,
      ];
    if (holder.kind === 'network')
      return [
        advice(`Stop all containers of ${holder.name}, then start this one`, 'docker', [
          sh`docker ps --filter network=${holder.name}`,
          ...refused.flatMap(({ refusal: { container } }) =>
            container ? [sh`docker start ${operands(container.name)}`] : [],
          ),
        ]),
        ...(one?.network
          ? [
              recreateNetwork(
                'For good: one driver for each parent. Give one of the networks a VLAN of its own',
                one.network,
                { parent: vlanOn(one.network.parent) },
              ),
            ]
          : []),
      ];
    return [look];
  },
});

function holderOf(
  { network, words }: Refused,
  { nodes = [], networks = [], links = {} }: Partial<Pick<Facts, 'nodes' | 'networks' | 'links'>>,
): Holder {
  const other = networks.find(
    ({ parent, driver }) => parent !== undefined && parent === network?.parent && driver !== words['driver'],
  );
  if (other) return { kind: 'network', name: other.name, driver: other.driver };
  const above = links[hostName(nodes)]?.find(({ name }) => name === network?.parent)?.controller;
  return above === undefined ? { kind: 'unseen' } : { kind: 'controller', name: above };
}

function holderText(holder: Holder, { words }: Refused): string {
  if (holder.kind === 'network') return `the ${holder.driver} network ${holder.name}`;
  if (holder.kind === 'controller') return holder.name;
  return words['driver'] === 'macvlan' ? 'IPvlan, a bridge or a bond' : 'macvlan, a bridge or a bond';
}

function seen({ network }: Refused, holder: Holder): readonly string[] {
  if (holder.kind === 'network')
    return [`docker: ${holder.name} is a ${holder.driver} network on ${network?.parent} too.`];
  return holder.kind === 'controller' ? [`host: ${network?.parent} is a port of ${holder.name} (ip link).`] : [];
}
