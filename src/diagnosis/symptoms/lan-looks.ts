import { sh } from '../../shell.js';
import { foreignReplies } from '../../network/observations/replying-macs.js';
import { isLayer3 } from '../../network/networks.js';
import { on, type Command, type Observed } from '../cause.js';
import { telling } from '../flow-questions.js';
import type { Supposed, TrafficPart } from '../hypotheses/hypothesis.js';
import { containerAddresses } from '../hypotheses/wire.js';

/** Whether the host is known to be no virtual machine. */
export function isPhysical({ network: { names } }: Observed): boolean {
  return names.platform?.kind === 'physical';
}

/** Addresses of containers with a MAC address of their own, on a parent that is not Wi-Fi, where the radio alone forbids it. */
export function foreignMacs(view: Observed): readonly TrafficPart[] {
  const { names } = view.network;
  return containerAddresses(view, ({ driver, parent = '' }) => driver === 'macvlan' && !names.isWireless(parent));
}

/** What the host runs on, which says whose switch is next. */
export function machineKind({ network: { names } }: Observed): Command {
  return on(
    names.hostName,
    sh`cat /sys/class/dmi/id/sys_vendor   # a hypervisor: look at its virtual switch first, else at the port's violation counters`,
  );
}

/** The container's address on the host itself, whose MAC address the network accepts. */
export function addressOnHost({ network: { names } }: Observed, { flows }: Supposed): Command | undefined {
  const flow = telling(flows);
  const parent = flow?.network?.parent;
  if (flow?.containerAddress === undefined || parent === undefined) return undefined;
  return on(
    names.hostName,
    sh`ip addr add ${flow.containerAddress}/32 dev ${parent}   # without the container: if the host gets no reply from there either, the network filters by address`,
  );
}

/** The MAC address that the router has for the container: the right one, that of another machine, or of none. */
export function neighbourEntry({ network }: Observed, { flows }: Supposed): Command | undefined {
  const flow = telling(flows);
  if (flow?.containerAddress === undefined) return undefined;
  const { names, addresses, links } = network;
  const own = addresses.linkWith(flow.container?.name, flow.containerAddress)?.mac;
  const mac = isLayer3(flow.network) || own === undefined ? links.link(names.hostName, flow.network?.parent)?.mac : own;
  return on(
    names.gateway?.name ?? '',
    sh`ip neighbour show ${flow.containerAddress}   # the container has ${mac ?? 'the MAC address of its parent'}`,
  );
}

/** Whether the LAN was asked who has an address, and no machine but the container replied. */
export function isOnlyHolder(view: Observed, address: string): boolean {
  return view.observed.askedFor(address).length > 0 && foreignReplies(view, address).length === 0;
}

/** Whether anything of a container's arrives at a machine beside the host. */
export function otherInstance(_view: Observed, { flows }: Supposed): Command | undefined {
  const address = telling(flows)?.containerAddress;
  if (address === undefined) return undefined;
  return on(
    'another machine of the same subnet',
    sh`tcpdump -ni any host ${address}   # while the container pings it: no packets: they are dropped on the way out; requests: the replies are lost`,
  );
}

/** Whether a machine on the LAN gets the container's requests, and replies. */
export function atPeer(_view: Observed, { flows }: Supposed): Command | undefined {
  const flow = telling(flows);
  const peer = flow?.outbound ? flow.to : flow?.from;
  if (flow === undefined || peer === undefined) return undefined;
  return on(
    peer.node?.name ?? peer.label,
    sh`tcpdump -ni any host ${flow.containerAddress ?? flow.from.address}   # no replies leave: its own firewall`,
  );
}
