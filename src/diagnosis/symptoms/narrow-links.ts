import type { Link } from '../../evidence/facts.js';
import { bare, sameAddress } from '../../ip.js';
import { linksOfSegment } from '../../network/segments.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';
import { farAddress, ownLink } from '../flow-questions.js';
import type { LinkChange } from '../remedies/changes/link.js';

/** A link on a flow's path, with the largest packet it carries. */
export interface LinkOnPath {
  readonly node: string;
  readonly device: string;
  readonly mtu: number;
}

/** Links a flow crosses that carry less than so many bytes. */
export function narrowLinks(state: NetworkState, flow: Flow, bytes: number): readonly LinkOnPath[] {
  return linksOnPath(state, flow).filter(({ mtu }) => mtu < bytes);
}

/** Its container's, the parent, the gateway's on the segment, and the far end's; beyond the LAN the uplink. */
function linksOnPath(state: NetworkState, flow: Flow): readonly LinkOnPath[] {
  const { names, links, addresses } = state;
  const { container, network, peer } = flow;
  const gateway = names.gateway?.name ?? '';
  const far = (flow.outbound ? flow.to : flow.from).node?.name ?? '';
  const lan = linksOfSegment(state, gateway, network);
  const places: readonly (readonly [string, string | undefined])[] = [
    [container?.name ?? '', ownLink(state, flow)?.name],
    [names.hostName, network?.parent],
    ...(peer === 'sibling' ? [] : lan.map((device) => [gateway, device] as const)),
    ...(peer === 'internet' ? uplinks(state, lan).map((device) => [gateway, device] as const) : []),
    [far, addresses.linkWith(far, farAddress(flow))?.name],
  ];
  return places.flatMap(([node, device]) => {
    const link = links.link(node, device);
    return link ? [{ node, device: link.name, mtu: link.mtu }] : [];
  });
}

/** A link without an address, such as an unused tunnel's, carries nothing of ours. */
function uplinks({ names, links }: NetworkState, lan: readonly string[]): readonly string[] {
  const all = names.gateway ? links.uplinks(names.gateway) : [];
  return all.filter(({ name, addresses }) => addresses.length > 0 && !lan.includes(name)).map(({ name }) => name);
}

/** Sets a link to the largest MTU of its segment. Not a container's, which follows the parent's. */
export function widen({ names, links }: NetworkState, { node, device, mtu }: LinkOnPath): readonly LinkChange[] {
  const machines = names.nodes.filter(({ kind }) => kind !== 'container' && kind !== 'internet' && kind !== 'switch');
  const onLan = machines.flatMap(({ name, addresses }) =>
    (links.of(name) ?? []).filter((link) => holdsAny(link, addresses)).map((link) => ({ node: name, link })),
  );
  const widest = Math.max(...onLan.map(({ link }) => link.mtu));
  const own = onLan.some((one) => one.node === node && one.link.name === device);
  return own && widest > mtu ? [{ kind: 'link', on: node, device, set: { mtu: widest }, was: { mtu } }] : [];
}

function holdsAny(link: Link, addresses: readonly string[]): boolean {
  return link.addresses.some((own) => addresses.some((address) => sameAddress(bare(own), address)));
}
