import type { NetworkFact } from '../../../evidence/facts.js';
import type { NetworkState } from '../../../network/network-state.js';
import { defineCause, found, type Remedy } from '../../cause.js';
import { crossesParent, idsOf, telling } from '../../flow-questions.js';
import { recreateNetwork } from '../../remedies/create-network.js';

const MTU = 'com.docker.network.driver.mtu';

/** All that the drivers read of a network's options. Source: moby's libnetwork/drivers/ipvlan and macvlan, `parseNetworkOptions`. */
const READ: ReadonlySet<string> = new Set(['parent', 'ipvlan_mode', 'ipvlan_flag', 'macvlan_mode']);

/** A network with options that Docker stores and its driver never reads. */
interface Ignored {
  readonly network: NetworkFact;
  readonly options: readonly (readonly [name: string, value: string])[];
}

export const optionIgnoredByDriver = defineCause({
  id: 'option-ignored-by-driver',
  title: 'The network has an option that its driver ignores',
  layer: 'link',
  kind: 'informational',
  hop: 'ipvlan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['networks', 'engine'],
  background: `
    Docker stores every option of a network and reports no error. The IPvlan and macvlan drivers read the parent, the mode and
    the flag, and nothing else. com.docker.network.driver.mtu and the options of the bridge driver have no effect: a container's
    link has the MTU of its parent. A misspelled option, such as mode=l3, has no effect either, so the network keeps the default
    mode.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/moby/tree/master/daemon/libnetwork/drivers/ipvlan',
  ],

  reproduced: { by: 'scenario' },

  detect({ flows, network }) {
    const ignored = ignoredOptions(network);
    // What does not arrive has a reason of its own, which this must not hide.
    const concerned = flows.filter(
      (flow) =>
        flow.arrival === 'all' && crossesParent(flow) && ignored.some((one) => one.network.name === flow.network?.name),
    );
    const [first] = ignored;
    if (!first || concerned.length === 0) return undefined;
    return found({
      about: telling(concerned),
      detail: { ignored, host: network.names.hostName },
      explains: idsOf(concerned),
      because: ignored.flatMap(({ network: { name }, options }) =>
        options.map(([setting, value]) => ({ kind: 'network-setting' as const, network: name, setting, value })),
      ),
    });
  },
  explain: ({ ignored }) => ignored.map(ignoredText).join(' '),
  remedy: ({ ignored, host }) => [...ignored.map(withoutThem), ...ignored.flatMap((one) => mtuOfParent(one, host))],
});

/** Podman's drivers read others: `mode`, `mtu`, `metric`. */
function ignoredOptions({ names }: NetworkState): readonly Ignored[] {
  if (/podman/i.test(names.engine?.product ?? '')) return [];
  return names.networks
    .filter(({ driver }) => driver !== 'bridge')
    .map((network) => ({ network, options: Object.entries(network.options).filter(([name]) => !READ.has(name)) }))
    .filter(({ options }) => options.length > 0);
}

function ignoredText({ network: { name, driver }, options }: Ignored): string {
  const given = options.map(([option, value]) => `${option}=${value}`).join(', ');
  return `The ${driver} driver ignores ${given} of the network ${name}.`;
}

function withoutThem({ network }: Ignored): Remedy {
  const options = Object.fromEntries(Object.entries(network.options).filter(([name]) => READ.has(name)));
  return recreateNetwork(`Recreate ${network.name} without options that have no effect`, network, { options });
}

/** A container's link takes the MTU of its parent. */
function mtuOfParent({ network: { parent }, options }: Ignored, host: string): readonly Remedy[] {
  const mtu = Number(options.find(([name]) => name === MTU)?.[1]);
  if (parent === undefined || !Number.isInteger(mtu)) return [];
  return [
    {
      title: 'Set the MTU on the parent, for the host and for every container on it',
      use: 'advice',
      changes: [{ kind: 'link', on: host, device: parent, set: { mtu } }],
    },
  ];
}
