import type { Outcome } from '../../evidence/evidence.js';
import { familyOf } from '../../ip.js';
import type { CheckPlan, Over } from '../../scenario/plan.js';
import type { LiveNode } from '../../topology/node.js';
import { quote } from '../../shell.js';
import { arp } from './arp.js';
import { broadcast } from './broadcast.js';
import { dns, NAME_SERVER, query, typeFor } from './dns.js';
import type { Asked, FlowProbe } from './flow-probe.js';
import { http } from './http.js';
import { icmp } from './icmp.js';
import type { LookRequest } from '../look-request.js';
import { TAGS_PER_LOOK } from '../tags.js';
import { mtu } from './mtu.js';
import { multicast } from './multicast.js';
import { tcp } from './tcp.js';
import { udp } from './udp.js';

/** Every protocol to check with whether a target answers, by what a check goes over. */
export const FLOW_PROBES: Readonly<Record<Over['protocol'], FlowProbe>> = {
  icmp,
  arp,
  tcp,
  udp,
  broadcast,
  multicast,
  dns,
  http,
  mtu,
};

/** A program that runs on a node while the probes run. */
export interface ScriptedFlow {
  /** Name of its files within its node's directory. */
  readonly name: string;
  /** A simple command, or one that reads what another prints: either way the shell's own child, whose pid is `$!`. */
  readonly command: string;
  readonly asksResolver: boolean;
  /** See {@link FlowProbe.insists}. */
  readonly insists: boolean;
}

/** Shell word that names the node's own resolver as `serverAt` does. */
export const RESOLVER = '$S';

/** Finds the first name server the node itself would ask, without starting a program. */
export function findResolver({ pid }: LiveNode, fallback: string): string {
  const known = `R=${quote(fallback)}; ${NAME_SERVER}`;
  return pid === undefined ? known : `${known}; ${firstServerIn(`/proc/${pid}/root/etc/resolv.conf`)}`;
}

/** Shell that takes the first name server of a `resolv.conf`, where it can be read and has one. */
export function firstServerIn(file: string): string {
  const find = `while read -r word address _; do [ "$word" = nameserver ] && R=$address && break; done <${file}`;
  return `[ ! -r ${file} ] || { ${find}; ${NAME_SERVER}; }`;
}

/**
 * What a node runs: each of its probes, and a lookup beside each whose target was given by name. Programs take a while to start
 * where the machine is emulated: what is expected to wait longest comes first, and what waits for no reply last.
 */
export function scriptedFlows(request: LookRequest, node: LiveNode): readonly ScriptedFlow[] {
  const [unanswered, answered, lookups]: [ScriptedFlow[], ScriptedFlow[], ScriptedFlow[]] = [[], [], []];
  request.probes.forEach(({ check }, index) => {
    if (check.from !== node.name || idle(check, request) !== undefined) return;
    const asked = asking(check, index, request);
    if (asked === undefined) return;
    const flow = (name: string, command: string, insists = false): ScriptedFlow => ({
      name,
      command,
      asksResolver: command.includes(RESOLVER),
      insists,
    });
    const probe = FLOW_PROBES[check.over.protocol];
    const turn = check.expect.kind === 'reachable' ? answered : unanswered;
    turn.push(flow(`probe-${index}`, commandOf(probe, asked), probe.insists));
    const name = resolvedBeside(check);
    if (name !== undefined) lookups.push(flow(`probe-${index}-name`, lookUp(name, asked)));
  });
  return [...unanswered, ...answered, ...lookups];
}

export function commandOf(probe: FlowProbe, asked: Asked): string {
  const input = probe.input?.(asked);
  return input === undefined ? probe.command(asked) : `printf %s ${quote(input)} | ${probe.command(asked)}`;
}

function lookUp(name: string, { check, tag, resolver, source }: Asked): string {
  return query({ server: resolver, question: { name, type: typeFor(check.to.address), id: tag }, source });
}

/** A probe of an address whose target was given by name must be able to resolve the name too. */
export function resolvedBeside(check: CheckPlan): string | undefined {
  return check.over.protocol === 'dns' ? undefined : check.to.name;
}

/** @returns `undefined` when its node may only send from addresses of its own and has none of the family: nothing is sent then */
export function asking(check: CheckPlan, number: number, request: LookRequest): Asked | undefined {
  const sources = request.nodes.find(({ name }) => name === check.from)?.sources;
  const family = familyOf(check.over.protocol === 'dns' && check.to.name ? request.resolver : check.to.address);
  const source = sources?.find((own) => familyOf(own) === family);
  if (sources && source === undefined) return undefined;
  const { firstTag, pings } = request;
  return { check, tag: firstTag + (number % TAGS_PER_LOOK), resolver: RESOLVER, source, pings };
}

/** What comes of a check that has an end at a container which does not run; `undefined` when both run. */
export function idle({ from, to }: CheckPlan, { absent }: LookRequest): Outcome | undefined {
  const container = [from, to.node ?? ''].find((name) => absent?.has(name));
  return container === undefined
    ? undefined
    : { kind: 'not-running', container, because: absent?.get(container) ?? '' };
}

/** Tag of one of the request's probes; absent where its packets cannot carry one. */
export function tagOf({ probes, firstTag }: LookRequest, index: number): number | undefined {
  const check = probes[index]?.check;
  return check && taggable(check) ? firstTag + (index % TAGS_PER_LOOK) : undefined;
}

/** ARP carries no mark, and a lookup by the node's own resolver is sent on by others. */
function taggable(check: CheckPlan): boolean {
  return check.over.protocol !== 'arp' && !(check.over.protocol === 'dns' && check.to.name !== undefined);
}
