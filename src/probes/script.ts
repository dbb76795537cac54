import { commandLine, quote } from '../shell.js';
import { capturePipe, startCapture } from './capture/captures.js';
import { askHolders, awaitHolders } from './facts/address-holders.js';
import { FACT_PROBES } from './facts/fact-probes.js';
import type { Reading, When } from './facts/fact-probe.js';
import { prepareDrops, readDrops, removeDrops, startDrops, stopDrops } from './capture/drops.js';
import { MOST_BYTES } from './flows/flow-probe.js';
import { findResolver, scriptedFlows, type ScriptedFlow } from './flows/flow-probes.js';
import { INTERVAL, PINGS } from './flows/icmp.js';
import type { LookRequest } from './look-request.js';
import { EXITS } from './outputs.js';
import {
  removeUnowned,
  startMonitor,
  startTrace,
  stopTrace,
  tracePipes,
  UNLESS_TAKEN,
  writeRules,
} from './capture/trace.js';

/**
 * How old a ping may become before it is told to come to an end, in seconds. Without replies it ends by itself after 3.3; what it
 * still does then is send what its host rejects, without an error: it would go on for 8.
 */
const ENOUGH_SECONDS = 4.5;
/** Within what a machine that is not busy has begun everything, in seconds. */
const START_SECONDS = 0.2;
/** How often a ping that is not old enough yet, or not waiting, is looked at again, twice a second. */
const ROUNDS = 9;
/** When the look goes on with what there is, in seconds: a namespace may be impossible to enter. */
const PATIENCE_SECONDS = 35;

/**
 * The whole look as one POSIX shell script. Each node has one process in its namespace, and all of them pass four barriers
 * together: ready (first readings taken, listening), go (send), done (every probe of every node has ended), stop (last
 * readings, stop listening). Everything ends in one tar archive on standard output.
 *
 * Emulated machines take 5 to 40 ms for each program, so that there are as few as possible. Barriers are named pipes: a
 * process that waits in a pipe costs nothing. The script counts on a process group of its own, which the agent gives it.
 */
export function lookScript(request: LookRequest): string {
  const scripts = request.nodes.map((_, index) => nodeScript(request, index));
  const busy = request.nodes.flatMap((node, index) => {
    const script = scripts[index];
    return script === undefined ? [] : [{ index, inside: commandLine([...node.enter, 'sh', '-c', script]) }];
  });
  const releaseAll = `printf '${'\\n'.repeat(busy.length)}'`;
  const pipes = ['ready', 'go', 'done', 'stop', ...busy.flatMap(({ index }) => pipesOf(request, index))]
    .map(quote)
    .join(' ');
  const undo = [
    ...removeUnowned(request, '"$D"'),
    'cd /; rm -rf "$D"',
    // Reading it is over by now, or was killed: what is read cannot be removed.
    ...(request.drops === undefined ? [] : [removeDrops(request.drops)]),
  ];
  const wait = (descriptor: number) => busy.map(() => `read -r _ <&${descriptor}`);
  return [
    'D=$(mktemp -d) || exit 1',
    `trap ${quote(['trap "" TERM; kill -- -$$ 2>/dev/null', ...undo].join('; '))} EXIT`,
    'trap "exit 1" HUP INT PIPE',
    // The barriers' answers are given for those that can no longer give them. What is started after must hear TERM again.
    `trap 'trap "" TERM; kill -- -$$; ${releaseAll.replaceAll("'", '"')} >&3; ${releaseAll.replaceAll("'", '"')} >&5; trap - TERM' TERM`,
    'cd "$D" || exit 1',
    `mkdir ${busy.map(({ index }) => index).join(' ')} none`,
    ...writeRules(request),
    `mkfifo ${pipes}; exec 3<>ready 4<>go 5<>done 6<>stop`,
    `( sleep ${request.patienceSeconds ?? PATIENCE_SECONDS}; kill $$ ) >/dev/null 2>&1 &`,
    ...busy.map(
      ({ index, inside }) => `( cd ${index}; ${inside} >/dev/null 2>node.err; echo >&3; echo >&5 ) & P="$P $!"`,
    ),
    ...wait(3),
    UNLESS_TAKEN,
    watcher(request),
    `${releaseAll} >&4`,
    ...wait(5),
    `${releaseAll} >&6`,
    'wait $P',
    `rm -f ${pipes}`,
    // Files that still grow are no reason to bring nothing.
    'tar -cf - . || [ $? = 1 ]',
  ].join('\n');
}

/**
 * Ends what takes too long: `tell SIGNAL FILE AGE STATE` signals what a node's file lists, is that old, in hundredths of a
 * second, and in that state. A ping that sleeps has come to sending, so that it means something if it has sent nothing; one
 * that a busy machine has not let begin runs, and says nothing when all that would not end is ended. Pids may have been given to
 * other processes since: only members of our process group are signalled. After the name, a stat file reads: state, parent, group,
 * …, and in the twentieth place the start.
 */
function watcher({ pings }: LookRequest): string {
  const more = typeof pings === 'number' ? Math.max(0, pings - PINGS) * INTERVAL : 0;
  const enough = ENOUGH_SECONDS + more;
  return `tell() {
  signal=$1 list=$2 age=$3 state=$4
  read -r now _ </proc/uptime; now=\${now%.*}\${now#*.}
  for file in */$list; do
    read -r pids <"$file" || continue
    for pid in $pids; do
      read -r stat </proc/$pid/stat || continue
      set -- \${stat##*) }
      [ "$3" = $$ ] && [ $((now - \${20})) -ge $age ] && case $1 in $state) kill -$signal $pid ;; esac
    done
  done
}
( sleep ${enough + START_SECONDS}
for _ in ${Array(ROUNDS).fill('_').join(' ')}; do tell INT insisting ${Math.round(enough * 100)} S; sleep 0.5; done
tell TERM flows 0 '*' ) >/dev/null 2>&1 &`;
}

/** What a node's own programs speak through: all named pipes are made by one program. */
function pipesOf(request: LookRequest, index: number): readonly string[] {
  const name = request.nodes[index]?.name ?? '';
  const captures = request.captures.filter(({ node }) => node === name).map(({ device }) => capturePipe(device));
  return [...captures, ...tracePipes(request, name)].map((pipe) => `${index}/${pipe}`);
}

/** @returns `undefined` for a node that has nothing to do */
function nodeScript(request: LookRequest, index: number): string | undefined {
  const node = request.nodes[index];
  if (!node) return undefined;
  const probes = request.facts ? FACT_PROBES.filter((probe) => probe.wanted(node)) : [];
  const readings = new Map(probes.flatMap((probe) => probe.readings.map((reading) => [reading.name, reading])));
  const flows = scriptedFlows(request, node);
  const captures = request.captures.filter((capture) => capture.node === node.name);
  if (readings.size + flows.length + captures.length === 0) return undefined;
  const take = (when: When) => [...readings.values()].filter((reading) => reading.when === when).map(takeReading);
  return [
    ...(flows.some(({ asksResolver }) => asksResolver) ? [findResolver(node, request.resolver)] : []),
    ...prepareDrops(request, node.name),
    ...startMonitor(request, node.name),
    ...take('before'),
    ...captures.flatMap(({ device }) => startCapture(device, request)),
    ...startTrace(request, node.name),
    ...startDrops(request, node.name),
    'echo >&3; read -r _ <&4',
    ...startFlows(flows),
    ...(request.facts ? askHolders(request, node.name) : []),
    'echo $F >flows; echo $I >insisting',
    ...take('during'),
    ...flows.map(({ name }, at) => `wait $F${at}; ${noteExit(name)}`),
    ...(request.facts ? awaitHolders(request, node.name) : []),
    'echo >&5; read -r _ <&6',
    ...readDrops(request, node.name),
    ...stopTrace(request, node.name),
    ...take('after'),
    ...stopDrops(request, node.name),
    ...(captures.length > 0 ? ['kill $C 2>/dev/null; wait $C'] : []),
  ].join('\n');
}

function takeReading({ name, command }: Reading): string {
  return `{ ${command}; } >${name}.out 2>${name}.err </dev/null; ${noteExit(name)}`;
}

function noteExit(name: string): string {
  return `echo ${name} $? >>${EXITS}`;
}

/** Seconds of processor time after which the kernel ends a probe: they wait, and one that computes sends as fast as it can. */
const MOST_SECONDS = 5;

/** The limits are the flows' alone: readings may be long. */
function startFlows(flows: readonly ScriptedFlow[]): string[] {
  if (flows.length === 0) return [];
  const limit = (most: string, option: string) => `ulimit -S ${option} ${most}`;
  return [
    limit(String(MOST_BYTES / 512), '-f'),
    limit(String(MOST_SECONDS), '-t'),
    ...flows.map(startFlow),
    ...['-f', '-t'].map((option) => limit(`$(ulimit -H ${option})`, option)),
  ];
}

function startFlow({ name, command, insists }: ScriptedFlow, at: number): string {
  return `${command} >${name}.out 2>${name}.err & F${at}=$!; F="$F $!"${insists ? '; I="$I $!"' : ''}`;
}
