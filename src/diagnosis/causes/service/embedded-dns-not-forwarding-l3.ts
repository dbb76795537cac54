import type { EngineFact } from '../../../evidence/facts.js';
import { isLayer3 } from '../../../network/networks.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { idsOf, named } from '../../flow-questions.js';
import { failedLookups, internetFlow } from '../../symptoms/lookups.js';
import { flowSeen } from '../../symptoms/wire.js';

export const embeddedDnsNotForwardingL3 = defineCause({
  id: 'embedded-dns-not-forwarding-l3',
  title: 'Docker 26.0.0 does not forward DNS queries from IPvlan L3 networks',
  layer: 'service',
  kind: 'fault',
  hop: 'container',
  appliesTo: ['ipvlan'],
  needs: ['engine', 'networks'],
  background: `
    Docker 26.0.0 treats every network without a gateway address as internal, and an L3 network has none. Its resolver in
    the container then answers SERVFAIL to every name except those of siblings. Addresses on the internet are reachable.
    Only this release has the fault.`,
  see: ['https://github.com/moby/moby/issues/47662', 'https://docs.docker.com/engine/release-notes/26.0/'],

  reproduced: { by: 'not', why: 'only Docker Engine 26.0.0 has the fault, and no lab image has that release' },

  detect({ flows, network: { names } }) {
    const { engine, hostName } = names;
    if (!engine || !isAffected(engine)) return undefined;
    const lost = failedLookups(flows).flatMap((flow) => {
      const reached = internetFlow(flows, flow.container?.name);
      const concerned = isLayer3(flow.network) && flow.network?.internal === false && flow.network.parent !== undefined;
      return concerned && reached ? [{ flow, reached }] : [];
    });
    const [first] = lost;
    if (!first) return undefined;
    const { flow, reached } = first;
    return found({
      about: flow,
      detail: { flow, version: engine.version, host: hostName },
      explains: idsOf(lost.map((one) => one.flow)),
      confidence: 'likely',
      because: [{ kind: 'engine-version', version: engine.version }, flowSeen(reached), flowSeen(flow)],
    });
  },
  explain: ({ flow, version }) =>
    `${named(flow)} cannot resolve ${flow.to.label}: Docker ${version} does not forward DNS queries from IPvlan ${flow.network?.mode?.toUpperCase()} networks.`,
  remedy: ({ flow, host }) => [
    advice('Upgrade Docker Engine to 26.0.1 or later', host, [sh`apt-get install --only-upgrade docker-ce`]),
    advice('Until then, let programs ask a DNS server directly', flow.container?.name ?? 'docker', [
      sh`nslookup ${flow.to.label} 1.1.1.1`,
    ]),
  ],
});

function isAffected({ product, version }: EngineFact): boolean {
  return product === 'Docker Engine' && /^26\.0\.0(?![\d.])/.test(version);
}
