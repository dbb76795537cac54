import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, telling } from '../../flow-questions.js';

export const dockerDesktopOrRootless = defineCause({
  id: 'docker-desktop-or-rootless',
  title: "The parent is not this machine's network card: Docker runs in a virtual machine, or rootless",
  layer: 'engine',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['engine', 'networks'],
  background: `
    Docker Desktop runs its engine in a virtual machine, and a rootless engine in a network namespace of its own. The link
    such an engine calls eth0 belongs to that machine or namespace: nothing on it is your LAN. An IPvlan or macvlan network
    on it can be made, and its containers reach each other and nobody outside, nor does anybody outside reach them. It takes
    an engine that runs as root on a Linux host with a link on the LAN.`,
  see: [
    'https://github.com/docker/for-mac/issues/3926',
    'https://docs.docker.com/engine/security/rootless/#known-limitations',
  ],
  reproduced: {
    by: 'not',
    why: 'the lab runs a Docker Engine as root; Docker Desktop and rootless engines are told by what they say of themselves',
  },

  detect({ engine, flows }) {
    const kept = /Docker Desktop/i.test(`${engine.product} ${engine.operatingSystem}`)
      ? 'Docker Desktop'
      : engine.rootless === true
        ? 'a rootless engine'
        : undefined;
    const lost = failing(flows).filter(crossesParent);
    const flow = telling(lost);
    if (kept === undefined || !flow) return undefined;
    return found<Detail>({
      detail: { flow, kept },
      explains: idsOf(lost),
      confidence: 'likely',
      because: [`Docker says of itself: ${engine.operatingSystem}${engine.rootless ? ', rootless' : ''}.`],
    });
  },
  explain: ({ flow, kept }) =>
    `${complaint(flow)}: the engine is ${kept}, and its ${flow.network?.parent} is a link of its own, not one on your LAN.`,
  remedy: ({ flow, kept }) => [
    advice('Use an engine that runs as root on a Linux host on the LAN', 'docker', [
      kept === 'Docker Desktop'
        ? sh`docker context create lan --docker host=ssh://${placeholder('USER')}@${placeholder('LINUX_HOST')} && docker context use lan`
        : sh`docker context use default   # the system-wide engine, /var/run/docker.sock`,
      ...(flow.network ? [createNetwork(flow.network, { parent: placeholder('INTERFACE_ON_THE_LAN') })] : []),
    ]),
    advice('Or, where only ports have to be reached: a bridge network with published ports', 'docker', [
      sh`docker run -p 8080:80 …`,
    ]),
  ],
});

interface Detail {
  readonly flow: Flow;
  readonly kept: string;
}
