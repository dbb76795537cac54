import { sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { failedLookups, reachesInternet } from '../../symptoms/lookups.js';
import { idsOf, named } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';

export const embeddedDnsNotForwardingL3 = defineCause({
  id: 'embedded-dns-not-forwarding-l3',
  title: 'Docker 26.0.0 passes no names on from IPvlan L3 networks',
  layer: 'service',
  kind: 'fault',
  hop: 'container',
  appliesTo: ['ipvlan'],
  needs: ['engine', 'networks'],
  background: `
    Docker 26.0.0 took every network without a gateway address for an internal one, and an L3 network has none. Its resolver
    in the container then answers SERVFAIL for every name but the siblings', while addresses on the internet answer. Only
    this release has the fault.`,
  see: ['https://github.com/moby/moby/issues/47662', 'https://docs.docker.com/engine/release-notes/26.0/'],

  reproduced: { by: 'not', why: 'only Docker Engine 26.0.0 has the fault, and no lab image carries it' },

  detect({ flows, engine }) {
    if (!isAffected(engine)) return undefined;
    const lost = failedLookups(flows).filter(
      ({ network, container }) =>
        isLayer3(network) && network?.internal === false && network.parent && reachesInternet(flows, container?.name),
    );
    const [flow] = lost;
    if (!flow) return undefined;
    return found({
      detail: { flow, version: engine.version },
      explains: idsOf(lost),
      confidence: 'likely',
      because: [
        `docker: the engine is ${engine.version}.`,
        `${flow.container?.name}: addresses on the internet answer, names do not resolve.`,
      ],
    });
  },
  explain: ({ flow, version }) =>
    `${named(flow)} cannot resolve ${flow.to.label}: Docker ${version} passes no names on from IPvlan ${flow.network?.mode?.toUpperCase()} networks.`,
  remedy: ({ flow }) => [
    advice('Upgrade Docker Engine to 26.0.1 or later', 'host', [sh`apt-get install --only-upgrade docker-ce`]),
    advice('Until then: have programs ask a server themselves', flow.container?.name ?? 'docker', [
      sh`nslookup ${flow.to.label} 1.1.1.1`,
    ]),
  ],
});

function isAffected({ product, version }: { readonly product: string; readonly version: string }): boolean {
  return product === 'Docker Engine' && /^26\.0\.0(?![\d.])/.test(version);
}
