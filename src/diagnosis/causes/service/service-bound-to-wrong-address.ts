import type { Socket } from '../../../evidence/facts.js';
import { listening, listensAt } from '../../../network/listening.js';
import type { NetworkState } from '../../../network/network-state.js';
import type { Paths } from '../../../path/paths.js';
import { sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf, portAsked } from '../../flow-questions.js';
import type { Change } from '../../remedies/change.js';
import { isPredicted, predictedBlock } from '../../predicted.js';

/** A service that a flow asks for and that listens on another address. */
interface BoundElsewhere {
  readonly flow: Flow;
  readonly container: string;
  readonly address: string;
  readonly bound: Socket;
  readonly device: string;
}

export const serviceBoundToWrongAddress = defineCause({
  id: 'service-bound-to-wrong-address',
  title: 'The service does not listen on the requested address',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['containers'],
  predicts: true,
  background: `
    Many programs listen on 127.0.0.1 unless configured otherwise. The container then replies to pings, and its port rejects
    every connection from outside at once. This is a reply, so the network works. Inside the container the same port
    accepts connections, which is misleading.`,
  see: ['https://man7.org/linux/man-pages/man7/ip.7.html'],

  detect({ flows, network, paths }) {
    const rejected = failing(flows).filter((flow) => isRejected(network, flow) || isPredictedClosed(paths, flow));
    const elsewhere = rejected.flatMap((flow) => boundElsewhere(network, flow) ?? []);
    const [first] = elsewhere;
    if (!first) {
      const unseen = rejected.find(({ to }) => network.sockets(to.node?.name ?? '') === undefined);
      return unseen && unseenSockets(unseen);
    }
    const each = [...new Map(elsewhere.map((one) => [`${one.container} ${one.bound.port}`, one])).values()];
    return found({
      about: first.flow,
      detail: { first, each },
      explains: idsOf(elsewhere.map(({ flow }) => flow)),
      because: each.map(({ container, bound, address }) => ({
        kind: 'bound-elsewhere' as const,
        ...{ node: container, protocol: bound.protocol, port: bound.port, bound: bound.address, address },
      })),
    });
  },
  explain: ({ first: { flow, bound, address } }) =>
    `${complaint(flow)}${isPredicted(flow) ? '' : ` on ${bound.protocol}/${bound.port}`}: the service listens only on ${bound.address}, so ${address} rejects the connection.`,
  remedy: ({ each }) => [
    advice(
      "To fix it permanently, let the service listen on every address, in its own configuration ('bind', 'listen', 'host')",
      'docker',
      each.map(({ container, bound }) => sh`# in ${container}: listen on 0.0.0.0:${bound.port} or [::]:${bound.port}`),
    ),
    {
      title: 'Until then, let the container forward the port to the address the service listens on',
      use: 'run',
      changes: each.flatMap(forward),
    },
  ],
});

/** Whether a container rejected the connection, as it does where nothing listens. */
function isRejected({ names }: NetworkState, { probe: { outcome }, to }: Flow): boolean {
  return outcome.kind === 'attempts' && outcome.failure === 'refused' && names.container(to.node?.name) !== undefined;
}

/** Nothing was sent, and the model says that the service does not take it. */
function isPredictedClosed(paths: Paths, flow: Flow): boolean {
  const { predicted } = predictedBlock(paths, flow)?.hop ?? {};
  return predicted?.verdict === 'blocks' && predicted.reason.kind === 'not-listening';
}

function unseenSockets({ to: { node } }: Flow) {
  return cannotTell({
    missing: `what ${node?.name} listens on`,
    test: on(node?.name ?? '', sh`ss -Hltnu`),
  });
}

function boundElsewhere(state: NetworkState, flow: Flow): BoundElsewhere | undefined {
  const { node, address } = flow.to;
  const container = node?.name ?? '';
  const asked = portAsked(flow);
  const [bound] = (asked && listening(state, container, asked)) ?? [];
  if (!asked || !bound || listensAt(state, container, { ...asked, address }) === true) return undefined;
  const device = state.addresses.linkWith(container, address)?.name ?? 'eth0';
  return { flow, container, address, bound, device };
}

/** The kernel drops IPv4 packets from outside to the loopback unless the link allows them. IPv6 has no such switch. */
function forward({ container, address, bound, device }: BoundElsewhere, index: number): readonly Change[] {
  const allow = `net/ipv4/conf/${device}/route_localnet`;
  return [
    ...(bound.address.startsWith('127.')
      ? [{ kind: 'sysctl' as const, on: container, name: allow, value: 1, was: 0 }]
      : []),
    {
      kind: 'port-forward',
      on: container,
      protocol: bound.protocol,
      from: { address, port: bound.port },
      to: { address: bound.address, port: bound.port },
      table: `doctor_handon${index}`,
    },
  ];
}
