import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import type { Observation } from '../../observation.js';
import { idsOf, named, telling } from '../../flow-questions.js';
import { carriedSize, losingLarge, sizeReport, type SizeReport } from '../../symptoms/large-packets.js';
import { toldSeen } from '../../symptoms/wire.js';
import { widen, type LinkOnPath } from '../../symptoms/narrow-links.js';

export const mtuMismatch = defineCause({
  id: 'mtu-mismatch',
  title: 'A link on the path carries smaller packets than its neighbours send',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'links'],
  background: `
    Small packets arrive and large ones do not: ping works, TCP connects and then hangs. On one segment all links must carry
    packets of the same size, because no router there reports that one was too big; it is lost silently. IPvlan links take the
    parent's MTU and follow it, and Docker's MTU option does nothing for them. Tunnels, VLANs and PPPoE carry less than 1500
    bytes. Behind a router that reports it, senders learn the size, unless a filter drops the report.`,
  see: ['https://www.rfc-editor.org/rfc/rfc2923', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const lost = losingLarge(view);
    const ours = lost.filter(({ flow }) => flow.container !== undefined);
    const flow = telling(ours.map((one) => one.flow));
    const told = ours.find((one) => one.flow === flow);
    if (!flow || !told) return undefined;
    const { network, paths } = view;
    const { names } = network;
    const { end } = paths.ofAny(flow.probe);
    const { bytes } = told;
    const error = paths.ofAny(flow.probe).told;
    const narrow = distinct(ours.flatMap((one) => one.narrow));
    const wider = narrow.flatMap((link) => widen(network, link));
    return found({
      about: flow,
      detail: {
        ...{ flow, bytes, narrow, wider, carried: carriedSize(view, flow), report: sizeReport(view, flow) },
        ...{ host: names.hostName, router: names.gateway?.name ?? 'gateway' },
      },
      explains: idsOf(lost.map((one) => one.flow)),
      confidence: narrow.length > 0 || error?.complaint === 'too-big' ? 'certain' : 'likely',
      ...(end ? { hop: end.hop } : {}),
      because: [
        { kind: 'large-packets-lost', from: flow.from.label, to: flow.to.label, bytes },
        ...narrow.map(({ node, device, mtu }) => ({ kind: 'link-mtu' as const, at: { node, device }, mtu })),
        ...(narrow.length === 0 ? [{ kind: 'no-narrow-link' as const, bytes }] : []),
        ...toldSeen(view, flow),
        ...silentOn(view, flow),
      ],
    });
  },
  explain: ({ flow, bytes, narrow: [link], report }) =>
    `${flow.outbound ? `${named(flow)} reaches ${flow.to.label}` : `${flow.from.label} reaches ${named(flow)}`} with small packets only: ${
      link
        ? `${link.device} of ${link.node} carries ${link.mtu} bytes at most`
        : `a link between them carries less than ${bytes} bytes${reportText(report)}`
    }.`,
  remedy: ({ flow, bytes, narrow, wider, carried, host, router }) => [
    ...(wider.length > 0
      ? [{ title: 'Set its MTU to that of the other links on its segment', use: 'run' as const, changes: wider }]
      : []),
    advice('Lower the MTU of the parent, where the link cannot carry more: its IPvlan links follow', host, [
      sh`ip link set dev ${flow.network?.parent ?? placeholder('PARENT')} mtu ${narrow[0]?.mtu ?? carried ?? placeholder(`LESS_THAN_${bytes}`)}`,
    ]),
    advice('Clamp the MSS of TCP connections on a router with a narrow uplink', router, [
      sh`nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu`,
    ]),
  ],
});

function reportText(report: SizeReport): string {
  if (report.kind === 'came')
    return `, as ${report.sender} reports${report.mtu === undefined ? '' : `: ${report.mtu} bytes`}`;
  return report.kind === 'suppressed'
    ? ', and the router there suppresses "fragmentation needed", or a filter drops it'
    : '';
}

/** Where the host's parent was awake and no router reported the size. */
function silentOn(view: Observed, flow: Flow): readonly Observation[] {
  const report = sizeReport(view, flow);
  return report.kind === 'suppressed' ? [{ kind: 'no-size-report', at: report.at, to: flow.to.label }] : [];
}

function distinct(links: readonly LinkOnPath[]): readonly LinkOnPath[] {
  return [...new Map(links.map((link) => [`${link.node} ${link.device}`, link])).values()];
}
