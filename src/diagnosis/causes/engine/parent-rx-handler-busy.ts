import type { NetworkState } from '../../../network/network-state.js';
import { placeholder, operands, sh } from '../../../shell.js';
import { advice, defineCause, type Remedy } from '../../cause.js';
import type { Observation } from '../../observation.js';
import { recreateNetwork, vlanOn } from '../../remedies/create-network.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

/** What receives the parent's frames already. */
type Holder =
  | { readonly kind: 'network'; readonly name: string; readonly driver: string }
  | { readonly kind: 'controller'; readonly name: string }
  | { readonly kind: 'unseen' };

interface Detail {
  readonly errors: readonly EngineError[];
  readonly host: string;
  readonly holder: Holder;
}

export const parentRxHandlerBusy = defineCause({
  id: 'parent-rx-handler-busy',
  title: 'Another driver already uses the parent',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    The kernel hands a link's received frames to one driver only: IPvlan, macvlan, a bridge, a bond, a team or Open vSwitch.
    Docker creates both an IPvlan and a macvlan network on one parent without a warning. The first container that starts
    takes the link. Containers of the other network then fail with "device or resource busy". All fail when the parent is a
    port of a bridge or bond.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/drivers/macvlan/',
    'https://github.com/containernetworking/cni/issues/7',
  ],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('parent-rx-handler-busy', observed);
    const [first] = seen?.detail.errors ?? [];
    if (!seen || !first) return undefined;
    const holder = holderOf(first, observed.network);
    return {
      ...seen,
      detail: { ...seen.detail, holder },
      because: [...seen.because, ...holderSeen(seen.detail.host, first, holder)],
    };
  },
  explain: ({ errors, holder }) =>
    explainErrors(
      errors,
      (one) =>
        `${one.words['driver']} cannot use ${one.network?.parent ?? 'the parent'}, which ${holderText(holder, one)} already uses`,
    ),
  remedy: (detail: Detail) => {
    const { errors, holder, host } = detail;
    const [one] = errors;
    const parent = one?.network?.parent ?? placeholder('PARENT');
    const look = advice('See what uses the parent', host, [
      sh`ip -d link show dev ${parent}`,
      sh`ip -br link | grep -F @${parent}`,
    ]);
    if (holder.kind === 'network') return sharedWithNetwork(detail, holder.name);
    return holder.kind === 'controller' && one?.network
      ? [
          recreateNetwork(`Attach the network to ${holder.name}, above the parent`, one.network, {
            parent: holder.name,
          }),
          look,
        ]
      : [look];
  },
});

function sharedWithNetwork({ errors }: Detail, other: string): readonly Remedy[] {
  const start = errors.flatMap(({ refusal: { container } }) =>
    container ? [sh`docker start ${operands(container.name)}`] : [],
  );
  const network = errors[0]?.network;
  return [
    advice(`Stop all containers of ${other}, then start this one`, 'docker', [
      sh`docker ps --filter network=${other}`,
      ...start,
    ]),
    ...(network
      ? [
          recreateNetwork(
            'To fix it permanently, use one driver for each parent: give one of the networks a VLAN of its own',
            network,
            { parent: vlanOn(network.parent) },
          ),
        ]
      : []),
  ];
}

function holderOf({ network, words }: EngineError, { names, links }: NetworkState): Holder {
  const other = names.networks.find(
    ({ parent, driver }) => parent !== undefined && parent === network?.parent && driver !== words['driver'],
  );
  if (other) return { kind: 'network', name: other.name, driver: other.driver };
  const above = links.link(names.hostName, network?.parent)?.controller;
  return above === undefined ? { kind: 'unseen' } : { kind: 'controller', name: above };
}

function holderText(holder: Holder, { words }: EngineError): string {
  if (holder.kind === 'network') return `the ${holder.driver} network ${holder.name}`;
  if (holder.kind === 'controller') return holder.name;
  return words['driver'] === 'macvlan' ? 'IPvlan, a bridge or a bond' : 'macvlan, a bridge or a bond';
}

function holderSeen(host: string, { network }: EngineError, holder: Holder): readonly Observation[] {
  const parent = network?.parent ?? '';
  if (holder.kind === 'network')
    return [{ kind: 'parent-of-network', network: holder.name, driver: holder.driver, parent }];
  return holder.kind === 'controller'
    ? [{ kind: 'port-of', at: { node: host, device: parent }, controller: holder.name }]
    : [];
}
