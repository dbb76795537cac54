import type { Socket } from '../../../evidence/facts.js';
import { takes } from '../../../path/predict/listening.js';
import { World } from '../../../network/world.js';
import { embedded, sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on, type Command } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';

/** A service that a flow asks for and that listens, but not there. */
interface Elsewhere {
  readonly flow: Flow;
  readonly container: string;
  readonly address: string;
  readonly bound: Socket;
  readonly device: string;
}

export const serviceBoundToWrongAddress = defineCause({
  id: 'service-bound-to-wrong-address',
  title: 'The service listens, but not on the address it is asked at',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['containers'],
  uses: ['sockets', 'links'],
  background: `
    Many programs listen on 127.0.0.1 unless told otherwise. The container then answers pings, and its port refuses every
    connection from outside at once: a refusal is an answer, so that the network works. Inside the container the same
    port connects, which misleads.`,
  see: ['https://man7.org/linux/man-pages/man7/ip.7.html'],

  detect({ flows, containers, sockets, links }) {
    const refused = failing(flows).filter(
      ({ probe, to }) =>
        probe.outcome.kind === 'attempts' &&
        probe.outcome.failure === 'refused' &&
        containers.some(({ name }) => name === to.node?.name),
    );
    const unseen = refused.filter(({ to }) => sockets?.[to.node?.name ?? ''] === undefined);
    const world = new World({ ...(links ? { links } : {}), ...(sockets ? { sockets } : {}) });
    const elsewhere = refused.flatMap((flow) => boundElsewhere(world, flow) ?? []);
    const [first] = elsewhere;
    if (!first)
      return unseen[0] === undefined
        ? undefined
        : cannotTell({
            missing: `what ${unseen[0].to.node?.name} listens on`,
            test: on(unseen[0].to.node?.name ?? '', sh`ss -Hltnu`),
          });
    const each = [...new Map(elsewhere.map((one) => [`${one.container} ${one.bound.port}`, one])).values()];
    return found({
      detail: { first, each },
      explains: idsOf(elsewhere.map(({ flow }) => flow)),
      because: each.map(
        ({ container, bound, address }) =>
          `${container}: ${bound.protocol}/${bound.port} is bound to ${bound.address}, not to ${address} (ss -ltnu).`,
      ),
    });
  },
  explain: ({ first: { flow, bound, address } }) =>
    `${complaint(flow)} on ${bound.protocol}/${bound.port}: the service there listens on ${bound.address} only, so that ${address} refuses.`,
  remedy: ({ each }) => [
    advice(
      "For good: have the service listen on every address, in its own configuration ('bind', 'listen', 'host')",
      'docker',
      each.map(({ container, bound }) => sh`# in ${container}: listen on 0.0.0.0:${bound.port} or [::]:${bound.port}`),
    ),
    {
      title: 'Until then: have the container hand the port on to where the service listens',
      use: 'run',
      commands: each.flatMap(handOn),
    },
  ],
});

function boundElsewhere(world: World, flow: Flow): Elsewhere | undefined {
  const { probe, to } = flow;
  const container = to.node?.name ?? '';
  const { protocol } = probe.over;
  const asked = protocol === 'http' ? { protocol: 'tcp', port: 80 } : 'port' in probe.over ? probe.over : undefined;
  const sockets = asked && world.listening(container, asked);
  const [bound] = sockets ?? [];
  if (!sockets || !bound || sockets.some(({ address }) => takes(address, to.address))) return undefined;
  const device = world.deviceOf(container, to.address) ?? 'eth0';
  return { flow, container, address: to.address, bound, device };
}

/** IPv4 packets to the loopback that come from outside are dropped unless the link allows them. IPv6 has no such switch. */
function handOn({ container, address, bound, device }: Elsewhere, index: number): readonly Command[] {
  const six = bound.address.includes(':');
  const [family, table, place] = [
    six ? 'ip6' : 'ip',
    `doctor_handon${index}`,
    six ? embedded`[${bound.address}]:${bound.port}` : embedded`${bound.address}:${bound.port}`,
  ];
  const allow = sh`net/ipv4/conf/${device}/route_localnet`;
  return [
    ...(bound.address.startsWith('127.')
      ? [on(container, sh`sysctl -q -w ${allow}=1`, sh`sysctl -q -w ${allow}=0`)]
      : []),
    on(
      container,
      sh`nft add table ${family} ${table} && nft add chain ${family} ${table} prerouting '{ type nat hook prerouting priority dstnat; }' && nft add rule ${family} ${table} prerouting ${family} daddr ${embedded`${address}`} ${bound.protocol} dport ${bound.port} dnat to ${place}`,
      sh`nft delete table ${family} ${table}`,
    ),
  ];
}
