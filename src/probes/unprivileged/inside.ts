import { randomBytes } from 'node:crypto';
import type { Engine, Executed } from '../../engine/engine.js';
import { DoctorError, messageOf } from '../../errors.js';
import type { Outcome } from '../../evidence/evidence.js';
import type { Counters } from '../../evidence/facts.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { difference, moved, parseProtocols } from '../facts/counters.js';
import { idle } from '../flows/flow-probes.js';
import { insideCommand, insideOutcome, type Said } from './inside-tools.js';
import type { Looked, LookRequest } from '../look-request.js';

/** How long a container may take to answer everything, in milliseconds: each tool gives up long before. */
const PATIENCE_MS = 30_000;

/**
 * Seconds of processor time after which the kernel ends a tool. BIND's nslookup sends again and again, as fast as it can,
 * where the host drops its packet (see `query`).
 */
const MOST_SECONDS = 1;

/** What cannot be seen from inside a container. */
const UNSEEN = [
  'links',
  'routes',
  'rules',
  'sysctls',
  'neighbours',
  'firewall',
  'captures',
  'traces',
  'drops',
] as const;

/**
 * Looks without a temporary helper container: one exec in each container asks with the tools of its image and reads its counters
 * before and after. Nothing is written there. What a probe from anywhere else would tell stays unknown.
 *
 * @param ids the containers by name
 * @param why there is no helper container, as the end of a sentence
 */
export async function lookInside(
  engine: Engine,
  request: LookRequest,
  { ids, why }: { readonly ids: ReadonlyMap<string, string>; readonly why: string },
): Promise<Looked> {
  const began = Date.now();
  const inside = await askInside(engine, request, ids);
  const counters = [...inside].flatMap(([name, sections]) => {
    const [before, after] = [sections.get('before'), sections.get('after')];
    return before && after ? [[name, countersOf(before.text, after.text)] as const] : [];
  });
  return {
    facts: { ...NOTHING_SEEN, counters: Object.fromEntries(counters) },
    probes: request.probes.map(({ check, purpose }, index) => {
      const outcome = outcomeOf(request, check, inside.get(check.from)?.get(String(index)));
      const { id, from, to, over } = check;
      return { id, from, to, over, purpose, command: insideCommand(check) ?? '', tag: undefined, outcome };
    }),
    missing: UNSEEN.map((fact) => ({ fact, node: undefined, reason: why })),
    pcaps: new Map(),
    takenAt: new Date(began).toISOString(),
    durationMs: Date.now() - began,
  };
}

/** No node was looked at, which is said in `missing`. */
const NOTHING_SEEN = {
  links: {},
  routes: {},
  rules: {},
  sysctls: {},
  sockets: {},
  neighbours: {},
  firewall: {},
  queues: {},
  linkFilters: {},
  traces: {},
  captures: [],
};

/** What each container said, by its name: all are asked at the same time. */
async function askInside(
  engine: Engine,
  request: LookRequest,
  ids: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Said>>> {
  const { nodes, signal } = request;
  const options = { timeoutMs: PATIENCE_MS, ...(signal ? { signal } : {}) };
  const containers = nodes.filter(({ kind }) => kind === 'container');
  const inside = containers.map(async ({ name }) => {
    const exec = (argv: readonly string[]) => engine.exec(ids.get(name) ?? name, argv, options);
    return [name, await heard(exec, asking(request, name))] as const;
  });
  return new Map(await Promise.all(inside));
}

type Numbered = readonly (readonly [index: number, check: CheckPlan])[];

function asking({ probes }: LookRequest, from: string): Numbered {
  return probes.flatMap(({ check }, index) => (check.from === from ? [[index, check] as const] : []));
}

function outcomeOf(request: LookRequest, check: CheckPlan, said: Said | undefined): Outcome {
  const asked = (): Outcome =>
    said
      ? insideOutcome(said, check)
      : { kind: 'broken', error: `${check.from} cannot be asked without a temporary helper container` };
  return idle(check, request) ?? asked();
}

/** What ends the whole look rather than one container's part of it. */
const FATAL: readonly DoctorError['code'][] = ['ENGINE_UNREACHABLE', 'INTERRUPTED', 'TIMED_OUT'];

/** What one container said, by section: `before`, `after`, and a probe's number. */
async function heard(
  exec: (argv: readonly string[]) => Promise<Executed>,
  checks: Numbered,
): Promise<ReadonlyMap<string, Said>> {
  const mark = `said-${randomBytes(8).toString('hex')}`;
  try {
    const { stdout, stderr, exitCode } = await exec(['sh', '-c', insideScript(checks, mark)]);
    const sections = sectionsOf(stdout.toString(), mark);
    return sections.size > 0
      ? sections
      : unasked(checks, `${stdout.toString()}${stderr}`.trim() || `exit code ${exitCode}`);
  } catch (error) {
    if (error instanceof DoctorError && FATAL.includes(error.code)) throw error;
    return unasked(checks, messageOf(error));
  }
}

/** No probe could run, such as in an image without a shell. */
function unasked(checks: Numbered, why: string): ReadonlyMap<string, Said> {
  return new Map(checks.map(([index]) => [String(index), { text: why, exitCode: 127 }]));
}

/**
 * Everything in one POSIX shell script that writes no file: each probe's output is held by its own subshell and printed at
 * once, below a line that nothing else prints. Counters are read by the shell alone.
 */
export function insideScript(checks: Numbered, mark: string): string {
  const ask = checks.flatMap(([index, check]) => {
    const command = insideCommand(check);
    return command === undefined
      ? []
      : [`( ulimit -t ${MOST_SECONDS}; T=$(${command} 2>&1 </dev/null); printf '%s\\n' "${mark} ${index} $?" "$T" ) &`];
  });
  return [
    `say() { while read -r l; do printf '%s\\n' "$l"; done <"$1"; }`,
    `count() {
  printf '%s\\n' "${mark} $1 0"
  for f in /proc/net/snmp /proc/net/netstat /proc/net/snmp6; do [ -r $f ] && say $f; done
  for f in /sys/class/net/*/statistics/tx_dropped; do read -r n <"$f" && printf '%s\\n' "$f $n"; done
}`,
    'count before',
    ...ask,
    'wait',
    'count after',
  ].join('\n');
}

/** Pure. */
export function sectionsOf(text: string, mark: string): ReadonlyMap<string, Said> {
  const parts = text.split(new RegExp(`^${mark} `, 'm')).slice(1);
  return new Map(
    parts.map((part) => {
      const [head = '', ...lines] = part.split('\n');
      const [name = '', exitCode] = head.split(' ');
      return [name, { text: lines.join('\n').trim(), exitCode: Number(exitCode) }];
    }),
  );
}

function countersOf(before: string, after: string): Counters {
  return {
    txDropped: difference(droppedIn(before), droppedIn(after)),
    protocol: moved(parseProtocols(before), parseProtocols(after)),
  };
}

function droppedIn(text: string): Readonly<Record<string, number>> {
  const lines = text.matchAll(/^\/sys\/class\/net\/([^/]+)\/statistics\/tx_dropped (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, device = '', count]) => [device, Number(count)]));
}
