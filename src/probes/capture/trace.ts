import type { Missing } from '../../evidence/evidence.js';
import type { PerNode, Trace } from '../../evidence/facts.js';
import { commandLine, quote } from '../../shell.js';
import { tagOf } from '../flows/flow-probes.js';
import type { LookRequest } from '../look-request.js';
import type { Outputs } from '../outputs.js';
import { parseTraces } from './trace-lines.js';
import { OWNER_FLAG, tableOf, tagsTable, traceRules } from './trace-table.js';

/** Files of the trace within its node's directory. */
const NAME = 'trace';

/** Exists while there is a table that no process owns: it must be removed however the look ends. */
const UNOWNED = `${NAME}.unowned`;

/** Most that is kept of what nft prints, in blocks of 512 bytes: others may have packets traced too. */
const MOST_BLOCKS = 4096;

/** Exit code of a look whose tags another look on the host has. */
export const TAGS_TAKEN = 75;

/** Exists in the directory of the look when its tags are taken. */
const TAKEN = 'taken';

/** Shell that gives the look up before anything is sent with tags that another look has. */
export const UNLESS_TAKEN = `[ ! -e ${TAKEN} ] || exit ${TAGS_TAKEN}`;

function isTraced({ traced }: LookRequest, node: string): boolean {
  return traced.includes(node);
}

/** Listens, before anything is marked; by the time the first readings are taken it does. */
export function startMonitor(request: LookRequest, node: string): string[] {
  const listen = `ulimit -f ${MOST_BLOCKS}; exec nft monitor trace`;
  return isTraced(request, node) ? [`( ${listen} ) >${NAME}.out 2>${NAME}.err & M=$!`] : [];
}

/** The named pipes of nft's input and output, within its node's directory; the script of the look makes and removes them. */
export function tracePipes(request: LookRequest, node: string): readonly string[] {
  return isTraced(request, node) ? [`${NAME}.hold`, `${NAME}.says`] : [];
}

/** Shell that writes the tables' rules into the nodes' directories, before any node begins: no argument may be as long. */
export function writeRules(request: LookRequest): string[] {
  return request.nodes.flatMap(({ name }, index) =>
    isTraced(request, name) ? [`printf %s ${quote(traceRules(request))} >${index}/${NAME}.nft`] : [],
  );
}

/**
 * Marks packets from here on: returns once nft has said that the table exists, or why not. A kernel that cannot tie a table to
 * a process gets one without an owner. What has ended is not waited for.
 */
export function startTrace(request: LookRequest, node: string): string[] {
  if (!isTraced(request, node)) return [];
  const commands = `'include "./${NAME}.nft"' 'list table ${tableOf(request)}'`;
  return [
    `exec 8<>${NAME}.hold 9<>${NAME}.says`,
    `( exec 8>&-; nft -i <${NAME}.hold; echo ended ) >&9 2>&1 & H=$!`,
    `printf '%s\\n' ${commands} >&8`,
    // Its line editor may first complain about the terminal.
    `while read -r said <&9; do echo "$said" >>${NAME}.said; case $said in table*|ended|*Error*) break ;; esac; done`,
    `case $said in table*) ;; *) ${quitInteractive}; ${otherwise(request)} ;; esac`,
  ];
}

const quitInteractive = 'echo quit >&8; exec 8>&-; wait $H; exec 9>&-; H=';

/** The owner of a table alone may touch it, so that "not permitted" may mean that another look has the tags. */
function otherwise(request: LookRequest): string {
  const taken = `nft list table ${tagsTable(request)} >/dev/null 2>&1`;
  return `if ${taken}; then : >../${TAKEN}; else ${standUnowned(request)}; fi`;
}

function standUnowned(request: LookRequest): string {
  const stand = `sed '/^create /d; s/${OWNER_FLAG}//' ${NAME}.nft | nft -f - 2>>${NAME}.said`;
  return `: >${UNOWNED}; if ${stand}; then echo 'table ${tableOf(request)}' >>${NAME}.said; else rm ${UNOWNED}; fi`;
}

/** Lets the table go, so that readings of the packet filter never show it. */
export function stopTrace(request: LookRequest, node: string): string[] {
  if (!isTraced(request, node)) return [];
  return [
    `[ ! "$H" ] || { ${quitInteractive}; }`,
    `[ ! -e ${UNOWNED} ] || { nft delete table ${tableOf(request)} && rm ${UNOWNED}; } 2>>${NAME}.said`,
    'kill $M 2>/dev/null; wait $M',
  ];
}

/** Shell for the end of the script, however it comes: removes tables that no process owns. It may be run anywhere. */
export function removeUnowned(request: LookRequest, directory: string): string[] {
  return request.nodes.flatMap(({ name, enter }, index) => {
    const remove = commandLine([...enter, 'nft', 'delete', 'table', ...tableOf(request).split(' ')]);
    return isTraced(request, name) ? [`[ ! -e ${directory}/${index}/${UNOWNED} ] || ${remove}`] : [];
  });
}

/** What became of the probes' packets in the host's packet filter. Those that others have traced are passed over. */
export function tracesOf(
  request: LookRequest,
  outputs: Outputs,
): { readonly traces: PerNode<readonly Trace[]>; readonly missing: readonly Missing[] } {
  const traces: Record<string, readonly Trace[]> = {};
  const missing: Missing[] = [];
  const ours = new Set(request.probes.flatMap((_, index) => tagOf(request, index) ?? []));
  request.nodes.forEach(({ name }, index) => {
    if (!isTraced(request, name)) return;
    const said = outputs.file(index, `${NAME}.said`)?.toString().trim() ?? '';
    const events = outputs.file(index, `${NAME}.out`)?.toString();
    if (/^table/m.test(said) && events !== undefined)
      traces[name] = parseTraces(events).filter(({ tags }) => tags.some((tag) => ours.has(tag)));
    else
      missing.push({ fact: 'traces', node: name, reason: whyNot(said) || outputs.whyNot(index) || 'nft said nothing' });
  });
  return { traces, missing };
}

/** What nft complains of, without the places it complains about and what its line editor says. */
function whyNot(said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  const complaints = lines.filter((line) => /Error|not permitted|not found/.test(line));
  return [...new Set(complaints.length > 0 ? complaints : lines)].join('; ');
}
