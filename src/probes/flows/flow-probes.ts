import type { Outcome, ProbeResult } from '../../evidence/evidence.js';
import { familyOf } from '../../ip.js';
import type { CheckPlan, Over } from '../../scenario/plan.js';
import type { LiveNode } from '../../topology/node.js';
import { commandLine, quote } from '../../shell.js';
import { arp } from './arp.js';
import { broadcast } from './broadcast.js';
import { dns, NAME_SERVER, parseQuery, query, typeFor } from './dns.js';
import { attempts, type Asked, type FlowProbe } from './flow-probe.js';
import { http } from './http.js';
import { icmp } from './icmp.js';
import type { LookRequest } from '../look-request.js';
import type { Outputs } from '../outputs.js';
import { TAGS_PER_LOOK } from '../tags.js';
import { mtu } from './mtu.js';
import { tcp } from './tcp.js';
import { udp } from './udp.js';

/** Every way to ask whether a target answers, by what a check goes over. */
export const FLOW_PROBES: Readonly<Record<Over['protocol'], FlowProbe>> = {
  icmp,
  arp,
  tcp,
  udp,
  broadcast,
  dns,
  http,
  mtu,
};

/** A program that runs on a node while the probes run. */
export interface Flow {
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
 * where the machine is emulated: what is expected to wait longest comes first, and what waits for nobody last.
 */
export function flowsOf(request: LookRequest, node: LiveNode): readonly Flow[] {
  const [silent, answered, lookups]: [Flow[], Flow[], Flow[]] = [[], [], []];
  request.probes.forEach(({ check }, index) => {
    if (check.from !== node.name || idle(check, request) !== undefined) return;
    const asked = asking(check, index, request);
    if (asked === undefined) return;
    const flow = (name: string, command: string, insists = false): Flow => ({
      name,
      command,
      asksResolver: command.includes(RESOLVER),
      insists,
    });
    const probe = FLOW_PROBES[check.over.protocol];
    const turn = check.expect.kind === 'reachable' ? answered : silent;
    turn.push(flow(`probe-${index}`, commandOf(probe, asked), probe.insists));
    const name = resolvedBeside(check);
    if (name !== undefined) lookups.push(flow(`probe-${index}-name`, lookUp(name, asked)));
  });
  return [...silent, ...answered, ...lookups];
}

function commandOf(probe: FlowProbe, asked: Asked): string {
  const input = probe.input?.(asked);
  return input === undefined ? probe.command(asked) : `printf %s ${quote(input)} | ${probe.command(asked)}`;
}

function lookUp(name: string, { check, tag, resolver, source }: Asked): string {
  return query({ server: resolver, question: { name, type: typeFor(check.to.address), id: tag }, source });
}

/** A probe of an address whose target was given by name must be able to resolve the name too. */
function resolvedBeside(check: CheckPlan): string | undefined {
  return check.over.protocol === 'dns' ? undefined : check.to.name;
}

/** @returns `undefined` when its node may only send from addresses of its own and has none of the family: nothing is sent then */
function asking(check: CheckPlan, number: number, request: LookRequest): Asked | undefined {
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

interface Answered {
  readonly check: CheckPlan;
  readonly purpose: ProbeResult['purpose'];
  readonly index: number;
  readonly request: LookRequest;
  readonly outputs: Outputs;
}

/** What came of one of the request's probes. */
export function flowResult({ check, purpose, index, request, outputs }: Answered): ProbeResult {
  const notRunning = idle(check, request);
  if (notRunning) return unsent(check, purpose, notRunning);
  const asked = asking(check, index, request);
  const node = request.nodes.findIndex(({ name }) => name === check.from);
  const probe = FLOW_PROBES[check.over.protocol];
  if (asked === undefined) {
    const error = `${check.from} has no address here to reach ${check.to.address} from.`;
    return unsent(check, purpose, { kind: 'broken', error });
  }
  const outcome = outcomeOf(node < 0 ? undefined : outputs.get(node, `probe-${index}`), (output) =>
    probe.parse(output, asked),
  );
  const name = resolvedBeside(check);
  return {
    id: check.id,
    from: check.from,
    to: check.to,
    over: check.over,
    purpose,
    command: `${commandLine(request.nodes[node]?.enter ?? [])} ${commandOf(probe, asked)}`.trim(),
    tag: tagOf(request, index),
    packets: probe.packets(asked) + (name === undefined ? 0 : dns.packets(asked)),
    outcome:
      name === undefined
        ? outcome
        : withName(
            outcome,
            outcomeOf(outputs.get(node, `probe-${index}-name`), (output) => parseQuery(output, true)),
            check,
          ),
  };
}

function unsent({ id, from, to, over }: CheckPlan, purpose: ProbeResult['purpose'], outcome: Outcome): ProbeResult {
  return { id, from, to, over, purpose, command: '', tag: undefined, outcome };
}

/** A program that could not run, or did not end, leaves nothing to parse: we could not ask. */
function outcomeOf(
  output: ReturnType<Outputs['get']> | undefined,
  parse: (output: ReturnType<Outputs['get']>) => Outcome,
): Outcome {
  if (!output) return { kind: 'broken', error: 'No such node stands.' };
  const { exitCode, stderr } = output;
  if (exitCode < 0 || exitCode === 126 || exitCode === 127) return { kind: 'broken', error: stderr.trim() };
  return parse(output);
}

/** The address may answer: a name that does not resolve keeps everybody from it all the same. */
function withName(direct: Outcome, resolution: Outcome, { to }: CheckPlan): Outcome {
  if (direct.kind !== 'attempts') return direct;
  if (resolution.kind !== 'attempts')
    return {
      kind: 'broken',
      error: `looking up ${to.name}: ${resolution.kind === 'broken' ? resolution.error : resolution.because}`,
    };
  if (resolution.arrived > 0) {
    const elsewhere = resolution.answers.includes(to.address)
      ? []
      : [`${to.name} resolves to ${resolution.answers.join(', ')}`];
    return { ...direct, said: [...direct.said, ...elsewhere], answers: [...direct.answers, ...resolution.answers] };
  }
  const words = `${to.name} did not resolve: ${resolution.said.join('; ') || 'no answer'}`;
  const failure = direct.arrived > 0 ? 'not-resolved' : direct.failure;
  const reached = direct.arrived > 0 ? [`${to.address} itself answered ${direct.arrived} of ${direct.sent}`] : [];
  return attempts({ ...direct, arrived: 0, failure, said: [...direct.said, ...reached, words] });
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
