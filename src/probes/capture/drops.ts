import type { Missing } from '../../evidence/evidence.js';
import type { Drop, PerNode } from '../../evidence/facts.js';
import { parseDrops } from './drop-lines.js';
import { scriptedFlows } from '../flows/flow-probes.js';
import type { LookRequest } from '../look-request.js';
import type { Outputs } from '../outputs.js';
import { TAGS_PER_LOOK } from '../tags.js';

/** As the host's first process sees it: a container has no tracefs of its own, and our agent shares the host's processes. */
const INSTANCES = '/proc/1/root/sys/kernel/tracing/instances';

/** Room for some 1300 packets on each processor; what does not fit is lost, and the kernel says so. */
const BUFFER_KILOBYTES = 64;

/** IPv4 and IPv6 alone. Reason 1 is that of a packet which was merely used up, before Linux 6.3 that of one without a reason. */
const FILTER = '(protocol == 0x800 || protocol == 0x86dd) && reason > 1';

/** Files of the count within its node's directory. */
const NAME = 'drops';

/** Name of a run's own trace instance: the kernel keeps it until it is removed. */
export function dropsInstance(run: string): string {
  return `ipvlan_doctor_${run.replaceAll(/\W/g, '_')}`;
}

/**
 * Shell that removes an instance, and starts no program where there is none. The kernel keeps it as long as a process has it
 * open: one that was just ended may still have it open.
 */
export function removeDrops(instance: string): string {
  const directory = `${INSTANCES}/${instance}`;
  return `for _ in 1 2 3 4 5 6 7 8 9; do { [ -d ${directory} ] && ! rmdir ${directory}; } 2>/dev/null || break; sleep 0.1; done; [ ! -d ${directory} ] || rmdir ${directory}`;
}

function isCounted({ traced, drops }: LookRequest, node: string): boolean {
  return drops !== undefined && traced.includes(node);
}

/** Makes the instance while the node takes its first readings: the kernel is slow at it, and mostly waits. */
export function prepareDrops(request: LookRequest, node: string): string[] {
  if (!isCounted(request, node)) return [];
  const steps = [
    `{ [ -d ${INSTANCES} ] || { echo 'the host has no tracefs mounted' >&2; false; }; }`,
    `{ [ -d ${instanceOf(request)} ] || mkdir ${instanceOf(request)}; }`,
    `cd ${instanceOf(request)}`,
    `echo ${BUFFER_KILOBYTES} >buffer_size_kb`,
    'echo >trace',
    `echo '${FILTER}' >events/skb/kfree_skb/filter`,
    'echo 1 >events/skb/kfree_skb/enable',
  ];
  return [`( ${steps.join(' && ')} ) 2>${NAME}.err & K=$!`];
}

/** Returns once it counts, with a mark that shows it: it also tells whether pids here are the kernel's own. */
export function startDrops(request: LookRequest, node: string): string[] {
  const mark = `echo "ipvlan-doctor $$" >${instanceOf(request)}/trace_marker`;
  return isCounted(request, node) ? [`wait $K && { ${mark}; } 2>>${NAME}.err`] : [];
}

/** Reads what was counted, while the node takes its last readings. */
export function readDrops(request: LookRequest, node: string): string[] {
  const directory = instanceOf(request);
  const read = `cat ${directory}/trace >${NAME}.out; rmdir ${directory}`;
  return isCounted(request, node) ? [`[ ! -d ${directory} ] || { ${read}; } 2>>${NAME}.err & K=$!`] : [];
}

/** Waits until the instance is gone. */
export function stopDrops(request: LookRequest, node: string): string[] {
  return isCounted(request, node) ? ['wait $K'] : [];
}

function instanceOf({ drops }: LookRequest): string {
  return `${INSTANCES}/${drops}`;
}

/** What the kernel dropped while the probes ran, and whose it was as far as that shows. */
export function dropsOf(
  request: LookRequest,
  outputs: Outputs,
): { readonly drops: PerNode<readonly Drop[]>; readonly missing: readonly Missing[] } {
  const drops: Record<string, readonly Drop[]> = {};
  const missing: Missing[] = [];
  const senders = sendersOf(request, outputs);
  request.nodes.forEach(({ name }, index) => {
    if (!isCounted(request, name)) return;
    const printed = outputs.file(index, `${NAME}.out`)?.toString() ?? '';
    const parsed = parseDrops(printed, senders);
    if (parsed.kind === 'counted') drops[name] = parsed.drops;
    else {
      const said = outputs.file(index, `${NAME}.err`)?.toString().trim();
      missing.push({ fact: 'drops', node: name, reason: said || outputs.whyNot(index) || parsed.why });
    }
  });
  return { drops, missing };
}

/** The tags of probes by the pid of the process that sends. A lookup beside a probe sends under its tag, and elsewhere. */
function sendersOf(request: LookRequest, outputs: Outputs): ReadonlyMap<number, number> {
  const senders = new Map<number, number>();
  request.nodes.forEach((node, index) => {
    const pids = outputs.file(index, 'flows')?.toString().trim().split(' ') ?? [];
    scriptedFlows(request, node).forEach(({ name }, at) => {
      const number = /^probe-(\d+)$/.exec(name)?.[1];
      if (number !== undefined) senders.set(Number(pids[at]), request.firstTag + (Number(number) % TAGS_PER_LOOK));
    });
  });
  return senders;
}
