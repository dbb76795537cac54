import type { EngineFact } from '../../../evidence/facts.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, telling } from '../../flow-questions.js';

interface Detail {
  readonly flow: Flow;
  readonly engine: 'Docker Desktop' | 'a rootless engine';
}

export const dockerDesktopOrRootless = defineCause({
  id: 'docker-desktop-or-rootless',
  title: "The parent is not this machine's network card: Docker is Docker Desktop or rootless",
  layer: 'engine',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['engine', 'networks'],
  background: `
    Docker Desktop runs its engine in a virtual machine. A rootless engine runs in its own network namespace. The link
    that such an engine calls eth0 belongs to that machine or namespace and is not on your LAN. Docker creates an IPvlan or
    macvlan network on it, and its containers reach each other. They do not reach the LAN, and the LAN does not reach
    them. Use an engine that runs as root on a Linux host with a link on the LAN.`,
  see: [
    'https://github.com/docker/for-mac/issues/3926',
    'https://docs.docker.com/engine/security/rootless/#known-limitations',
  ],
  reproduced: {
    by: 'not',
    why: 'the lab runs a Docker Engine as root; Docker Desktop and rootless engines are told by what their API says',
  },

  detect({ flows, network }) {
    const fact = network.names.engine;
    const engine = fact && apart(fact);
    const lost = failing(flows).filter(crossesParent);
    const flow = telling(lost);
    if (!fact || engine === undefined || !flow) return undefined;
    return found<Detail>({
      detail: { flow, engine },
      explains: idsOf(lost),
      confidence: 'likely',
      because: [{ kind: 'engine-platform', operatingSystem: fact.operatingSystem, rootless: fact.rootless === true }],
    });
  },
  explain: ({ flow, engine }) =>
    `${complaint(flow)}: the engine is ${engine}, and its ${flow.network?.parent} is not a link on your LAN.`,
  remedy: ({ flow, engine }) => [
    advice('Use an engine that runs as root on a Linux host on the LAN', 'docker', [
      engine === 'Docker Desktop'
        ? sh`docker context create lan --docker host=ssh://${placeholder('USER')}@${placeholder('LINUX_HOST')} && docker context use lan`
        : sh`docker context use default   # the system-wide engine, /var/run/docker.sock`,
      ...(flow.network ? [createNetwork(flow.network, { parent: placeholder('INTERFACE_ON_THE_LAN') })] : []),
    ]),
    advice('If only ports have to be reached, use a bridge network with published ports', 'docker', [
      sh`docker run -p 8080:80 …`,
    ]),
  ],
});

/** An engine whose links are not those of the machine it is used from. */
function apart({ product, operatingSystem, rootless }: EngineFact): Detail['engine'] | undefined {
  if (/Docker Desktop/i.test(`${product} ${operatingSystem}`)) return 'Docker Desktop';
  return rootless === true ? 'a rootless engine' : undefined;
}
