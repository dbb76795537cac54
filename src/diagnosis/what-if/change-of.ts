import type { Facts, NodeFact } from '../../evidence/facts.js';
import { DoctorError } from '../../errors.js';
import { familyOf, isAddress, isSubnet } from '../../ip.js';
import { withChain, withFilterRule } from '../../network/edit/firewall.js';
import { NetworkState } from '../../network/network-state.js';
import { didYouMean } from '../../suggest.js';
import { applied, rejected, unseenPart, type Applied } from '../remedies/applied.js';
import { applyAll, type Change } from '../remedies/change.js';
import { nftMatch } from '../remedies/changes/filter-match.js';
import type { Wish } from './wish.js';

/**
 * Makes what a user thinks of in a copy of the state.
 *
 * @throws DoctorError `USAGE` for a node or network of another name than those that were seen
 */
export function applyWish(facts: Partial<Facts>, wish: Wish): Applied {
  if (wish.kind === 'network') return applyNetworkWish(facts, wish);
  const node = nodeCalled(facts, wish.node).name;
  if (wish.kind === 'filter') return applyFilter(facts, node, wish);
  const change = changeOf(facts, node, wish);
  return 'why' in change ? change : applyAll(facts, [change]);
}

/** The changes that a wish makes as data; none where it is no change of one kind. */
export function changeOfWish(facts: Partial<Facts>, wish: Wish): readonly Change[] {
  if (wish.kind === 'network' || wish.kind === 'filter') return [];
  const change = changeOf(facts, nodeCalled(facts, wish.node).name, wish);
  return 'why' in change ? [] : [change];
}

type OnNode = Exclude<Wish, { kind: 'network' | 'filter' }>;

function changeOf(facts: Partial<Facts>, node: string, wish: OnNode): Change | Extract<Applied, { why: unknown }> {
  switch (wish.kind) {
    case 'route': {
      const { destination, via, device, action } = wish;
      const family = familyOf(destination === 'default' ? (via ?? '0.0.0.0') : destination) ?? 4;
      const route = { destination, family, via, device };
      return { kind: 'route', on: node, do: action === 'add' ? 'replace' : 'delete', route };
    }
    case 'sysctl':
      return { kind: 'sysctl', on: node, name: wish.name, value: wish.value };
    case 'masquerade': {
      const { routing } = new NetworkState(facts);
      const device = routing.defaults(node, familyOf(wish.subnet) ?? 4)[0]?.device;
      if (device === undefined)
        return { why: { kind: 'rejected', because: { kind: 'no-such-route', node, destination: 'default' } } };
      return { kind: 'masquerade', on: node, subnet: wish.subnet, device };
    }
    case 'link':
      return { kind: 'link', on: node, device: wish.device, set: wish.set };
    case 'address': {
      const { action, device, address } = wish;
      return { kind: 'address', on: node, do: action === 'add' ? 'add' : 'remove', device, address };
    }
  }
}

function applyNetworkWish(facts: Partial<Facts>, { network: name, mode }: Extract<Wish, { kind: 'network' }>): Applied {
  const networks = facts.networks ?? [];
  const network = networks.find((one) => one.name === name);
  if (!network) throw unknownName('network', name, networks);
  return applyAll(facts, [{ kind: 'network', do: 'recreate', network, wanted: { mode } }]);
}

/** A node by its name; `router` is the gateway, as in reports. */
function nodeCalled({ nodes = [] }: Partial<Facts>, name: string): NodeFact {
  const found =
    nodes.find((one) => one.name === name) ??
    (name === 'router' || name === 'gateway' ? nodes.find(({ kind }) => kind === 'gateway') : undefined) ??
    (name === 'host' ? nodes.find(({ kind }) => kind === 'host') : undefined);
  if (!found) throw unknownName('node', name, nodes);
  return found;
}

function unknownName(what: string, name: string, known: readonly { readonly name: string }[]): DoctorError {
  const names = known.map((one) => one.name);
  return new DoctorError('USAGE', `--what-if: no ${what} is called "${name}".${didYouMean(name, names)}`, {
    hint: `There are: ${names.join(', ')}.`,
  });
}

const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;
const OWN = ['input', 'forward', 'output'] as const;

/** A rule at the head of every chain that filters on a node, as an administrator makes sure of it. */
function applyFilter(facts: Partial<Facts>, node: string, wish: Extract<Wish, { kind: 'filter' }>): Applied {
  const unseen = unseenPart(facts, node, 'firewall');
  if (unseen) return unseen;
  const [from, to] = [addressesOf(facts, wish.from), addressesOf(facts, wish.to)];
  const family = familyOf(from[0] ?? to[0] ?? '') ?? 4;
  const ip = family === 6 ? ('ip6' as const) : ('ip' as const);
  const match = matchOf(wish, { family, from, to });
  const verdict = wish.action === 'allow' ? 'accept' : 'drop';
  const place = { backend: 'nftables', family: ip, table: 'what-if' } as const;
  const made =
    verdict === 'drop'
      ? OWN.reduce(
          (rest, hook) =>
            withChain(rest, node, {
              ...{ ...place, chain: hook, hook, priority: -500, type: 'filter', policy: 'accept' },
              policyPackets: undefined,
            }),
          facts,
        )
      : facts;
  const chains = (made.firewall?.[node]?.chains ?? []).filter(
    (chain) =>
      HOOKS.some((hook) => hook === chain.hook) &&
      chain.type !== 'nat' &&
      (verdict === 'accept' || chain.table === place.table) &&
      (chain.family === ip || chain.family === 'inet'),
  );
  if (verdict === 'accept' && chains.length === 0)
    return rejected({ kind: 'no-such-chain', node, table: 'filter', chain: 'INPUT' });
  return applied(
    chains.reduce(
      (rest, at) => withFilterRule(rest, { node, at, where: 'head' }, { text: `${match} ${verdict}`, verdict }),
      made,
    ),
  );
}

interface Ends {
  readonly family: 4 | 6;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What a rule of nftables matches: only what begins a connection where it drops, so that replies of others pass. */
function matchOf({ protocol, port }: Extract<Wish, { kind: 'filter' }>, { family, from, to }: Ends): string {
  const request = { family, sources: from, destinations: to, protocol, port, part: 'request' } as const;
  return nftMatch(request).key;
}

function addressesOf(facts: Partial<Facts>, end: string | undefined): readonly string[] {
  if (end === undefined) return [];
  return isAddress(end) || isSubnet(end) ? [end] : nodeCalled(facts, end).addresses;
}
