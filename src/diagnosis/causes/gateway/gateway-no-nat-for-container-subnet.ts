import type { FirewallChain, NodeFact } from '../../../evidence/facts.js';
import { contains, familyOf, sameAddress, subnetOf } from '../../../ip.js';
import { placeholder, embedded, sh, type ShellCommand } from '../../../shell.js';
import { cannotTell, defineCause, found, on, ruledOut, advice, type Remedy, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { type Place } from '../../../network/packet-filter.js';
import { nftRule } from '../../remedies/changes/filter-rule.js';
import { complaint, crossesParent, failing, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { sourceNat } from '../../../network/source-nat.js';
import { leavesBare, outwardOf, swallowedByGateway } from '../../symptoms/lost-at-gateway.js';
import { captureAt, isTranslated } from '../../symptoms/wire.js';
import { masqueradeOnHost } from '../../remedies/cloud-egress.js';

type Needs = 'nodes' | 'networks' | 'captures' | 'firewall' | 'links' | 'routes' | 'rules';

interface Detail {
  readonly flow: Flow;
  readonly gateway: NodeFact;
  readonly uplink: string;
  readonly subnets: readonly string[];
  /** The chain the gateway's source NAT is done in; absent when it has none. */
  readonly chain: FirewallChain | undefined;
}

export const gatewayNoNatForContainerSubnet = defineCause({
  id: 'gateway-no-nat-for-container-subnet',
  title: "The gateway does not translate the container subnet's source addresses",
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-nat',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall', 'links', 'routes', 'rules'],
  background: `
    With the static route in place the LAN reaches the containers and they reach the LAN, but not the internet: the
    gateway translates source addresses of its own LAN prefix only, as many routers do out of the box, and sends the
    containers' private addresses out untranslated. No answer ever comes back. It feels as if the host were blocking, and
    nothing on the host can be at fault, for the requests are seen leaving it.`,
  see: [
    'https://docs.netgate.com/pfsense/en/latest/nat/outbound.html',
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
  ],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    const lost = failing(view.flows).filter(isOutside);
    if (!gateway || !lost.some(({ container }) => container)) return undefined;
    const [uplink] = uplinksOf(view, gateway);
    if (uplink === undefined)
      return fromRules(view, lost, { gateway, uplink: outwardOf(view, gateway) }) ?? fromParent(view, lost, gateway);
    return (
      fromUplink(view, lost, gateway) ??
      fromRules(view, lost, { gateway, uplink }) ??
      ruledOut(`On ${uplink} of ${gateway.name} nothing left with a container's address.`)
    );
  },
  explain: ({ flow, gateway, subnets }) =>
    `${complaint(flow)}: the gateway ${gateway.addresses[0]} sends ${subnets.join(' and ')} to the internet without translating the source address.`,
  remedy: remedies,
});

/** IPv4 to the internet by the gateway: from a container, or from a machine of the LAN. IPv6 wants no translation. */
function isOutside(flow: Flow): boolean {
  if (familyOf(flow.to.address) !== 4) return false;
  if (flow.container) return crossesParent(flow) && flow.outbound && flow.peer === 'internet';
  return (flow.from.node?.kind === 'host' || flow.from.node?.kind === 'peer') && flow.to.node?.kind === 'internet';
}

/** Seen where it matters: the sender's own private address on the gateway's uplink, and no answer. */
function fromUplink(view: View<Needs>, lost: readonly Flow[], gateway: NodeFact) {
  const seen = uplinksOf(view, gateway).flatMap((device) => {
    const capture = captureAt(view.captures, gateway.name, device);
    return lost.filter((flow) => leavesBare(flow, capture)).map((flow) => ({ flow, device }));
  });
  const [first] = seen;
  if (!seen.some(({ flow }) => flow.container) || !first) return undefined;
  const flows = seen.map(({ flow }) => flow);
  const told = telling(flows) ?? first.flow;
  return found<Detail>({
    detail: detailOf(view, { flows, gateway, uplink: first.device }),
    explains: idsOf(flows),
    because: [
      `${gateway.name}, ${first.device}: requests left with the source ${told.from.address}, untranslated, and no answer came.`,
    ],
  });
}

interface Way {
  readonly gateway: NodeFact;
  /** Absent where nobody knows by which device the gateway reaches the internet. */
  readonly uplink: string | undefined;
}

/**
 * Nothing shows on the uplink where another fault masks it, or where nobody could capture, but the rules do: the host's
 * addresses are translated, these are not.
 */
function fromRules(view: View<Needs>, lost: readonly Flow[], { gateway, uplink }: Way) {
  if (uplink === undefined) return undefined;
  const translates = (source: string) => translation(view, { gateway, uplink }, source);
  const host = nodeOfKind(view.nodes, 'host')?.addresses.find((address) => familyOf(address) === 4);
  const parent = captureAt(view.captures, hostName(view.nodes));
  const proven = new Set(
    view.flows.filter((flow) => isOutside(flow) && flow.arrival === 'all').map(({ from }) => from.address),
  );
  const bare = lost.filter(
    (flow) =>
      flow.container &&
      !proven.has(flow.from.address) &&
      !isTranslated(flow, parent) &&
      translates(flow.from.address) === 'no',
  );
  if (bare.length === 0 || host === undefined || translates(host) !== 'yes') return undefined;
  return found<Detail>({
    detail: detailOf(view, { flows: bare, gateway, uplink }),
    explains: idsOf(bare),
    because: [
      `${gateway.name}: its source NAT rules cover ${host} and not ${[...new Set(bare.map(({ from }) => from.address))].join(', ')}.`,
    ],
  });
}

/** What the gateway's own rules do with a source; `undefined` where nobody knows them. */
function translation({ firewall }: View<Needs>, { gateway, uplink = '' }: Way, source: string) {
  const rules = firewall[gateway.name];
  return rules && sourceNat(rules, { source, device: uplink }).answer;
}

/** From the Docker host alone, a gateway that does not translate and one that filters look the same; its rules may tell. */
function fromParent(view: View<Needs>, lost: readonly Flow[], gateway: NodeFact) {
  const swallowed = swallowedByGateway(view, lost);
  const way = { gateway, uplink: outwardOf(view, gateway) };
  const unanswered = swallowed.filter(({ from }) => translation(view, way, from.address) !== 'yes');
  const [flow] = unanswered;
  if (swallowed.length > 0 && !flow)
    return ruledOut(`The source NAT rules of ${gateway.name} translate the container subnets.`);
  if (!flow) return undefined;
  return cannotTell({
    missing: `what the gateway does with ${subnetsLeaving(view, unanswered).join(' and ')}: it can only be seen on the gateway`,
    explains: idsOf(unanswered),
    oneOf: ['gateway-no-nat-for-container-subnet', 'gateway-acl-drops-container-subnet'],
    test: on(
      'gateway',
      sh`tcpdump -ni ${placeholder('WAN_INTERFACE')} host ${flow.to.address}   # source ${flow.containerAddress ?? flow.from.address}: no NAT; silence: a filter`,
    ),
  });
}

/** Devices captured on the gateway that do not face the LAN. */
function uplinksOf({ captures, links }: View<Needs>, gateway: NodeFact): readonly string[] {
  // Without its links nothing tells which of them faces the LAN.
  if (links[gateway.name] === undefined) return [];
  const facesLan = (device: string) =>
    links[gateway.name]
      ?.find(({ name }) => name === device)
      ?.addresses.some((address) => gateway.addresses.some((own) => sameAddress(own, address))) ?? false;
  return captures.flatMap(({ node, device }) => (node === gateway.name && !facesLan(device) ? [device] : []));
}

/** The subnets flows come from: their container's, or the one the gateway shares with a machine of the LAN. */
function subnetsLeaving({ nodes, links }: View<Needs>, flows: readonly Flow[]): readonly string[] {
  const gateway = nodeOfKind(nodes, 'gateway')?.name ?? '';
  const own = (links[gateway] ?? []).flatMap(({ addresses }) => addresses.map(subnetOf));
  const subnets = flows.map(
    (flow) => subnetOfFlow(flow) ?? own.find((subnet) => contains(subnet, flow.from.address)) ?? flow.from.address,
  );
  return [...new Set(subnets)];
}

function detailOf(
  view: View<Needs>,
  { flows, gateway, uplink }: { flows: readonly Flow[]; gateway: NodeFact; uplink: string },
): Detail {
  return {
    flow: telling(flows) as Flow,
    gateway,
    uplink,
    subnets: subnetsLeaving(view, flows),
    chain: view.firewall[gateway.name]?.chains.find(
      ({ hook, type, family, backend }) =>
        hook === 'postrouting' && type === 'nat' && family !== 'ip6' && backend === 'nftables',
    ),
  };
}

function remedies({ gateway, uplink, subnets, chain, flow }: Detail): readonly Remedy[] {
  const own = { backend: 'nftables', family: 'ip', table: 'ipvlan_doctor', chain: 'postrouting' } as const;
  const place: Place = chain ?? own;
  const prepare = chain
    ? []
    : [
        on(
          gateway.name,
          sh`nft ${embedded`add table ip ${own.table}; add chain ip ${own.table} ${own.chain} { type nat hook postrouting priority srcnat; }`}`,
          sh`nft delete table ip ${own.table}`,
        ),
      ];
  const translate = subnets.map((subnet) => {
    const rule = embedded`ip saddr ${subnet} oifname "${uplink}" masquerade`;
    return nftRule(place, { node: gateway.name, rule, mark: subnet, where: 'add' });
  });
  const each = (command: (subnet: string) => ShellCommand) => subnets.map(command);
  return [
    {
      title: "Add the container subnets to the gateway's source NAT",
      use: 'run',
      commands: [...prepare, ...translate],
    },
    advice(
      'The same with iptables, as on older OpenWrt',
      gateway.name,
      each((subnet) => sh`iptables -t nat -A POSTROUTING -s ${subnet} -o ${embedded`${uplink}`} -j MASQUERADE`),
    ),
    advice(
      'The same on MikroTik',
      gateway.name,
      each(
        (subnet) =>
          sh`/ip firewall nat add chain=srcnat src-address=${embedded`${subnet}`} out-interface-list=WAN action=masquerade`,
      ),
    ),
    advice('The same on pfSense / OPNsense', gateway.name, [
      sh`# Firewall > NAT > Outbound: hybrid mode, then a rule on WAN for the sources ${subnets}`,
    ]),
    ...(flow.network && isLayer3(flow.network)
      ? [
          masqueradeOnHost(
            'Where the gateway cannot do it: recreate the network in L3S mode and masquerade on the Docker host',
            flow.network,
            subnets,
          ),
        ]
      : []),
  ];
}
