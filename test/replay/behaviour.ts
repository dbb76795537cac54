import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Cause } from '../../src/diagnosis/cause.js';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { FlowPath, PathHop } from '../../src/path/path.js';
import { pathsOf } from '../../src/path/trace.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';
import { seenFromHost } from './seen-from-host.js';

/** What is known: everything, as in the lab, or what the Docker host alone shows. */
export const VIEWS = {
  site: (evidence: Evidence) => evidence,
  host: seenFromHost,
} as const;

export type ViewName = keyof typeof VIEWS;

/** All that is concluded from one recorded run, in no words of ours: causes, rulings, what they explain, and every path. */
export function behaviourOf(evidence: Evidence, causes: readonly Cause[] = CAUSES): readonly string[] {
  const { found, ruledOut, inconclusive, unexplained } = diagnose(evidence, causes);
  return [
    ...found.map(({ cause, ruling, remedies }) =>
      [
        `found ${cause.id} ${ruling.confidence}${ruling.hidden ? ' hidden' : ''} at ${ruling.hop ?? cause.hop}`,
        `explains ${listed(ruling.explains)}`,
        `remedies ${remedies.map(({ use, commands }) => `${use}:${commands.length}`).join(' ')}`,
      ].join('; '),
    ),
    ...ruledOut.map(({ cause, ruling }) => `ruled out ${cause.id}${ruling.oftenBlamed ? ', often blamed' : ''}`).sort(),
    ...inconclusive
      .map(
        ({ cause, ruling }) =>
          `inconclusive ${cause.id}; explains ${listed(ruling.explains)}; one of ${listed(ruling.oneOf)}`,
      )
      .sort(),
    `unexplained ${listed(unexplained)}`,
    ...pathsOf(evidence).map(pathLine),
  ];
}

function pathLine({ id, forward, return: returned, end, loss, agreement }: FlowPath): string {
  const ended = end
    ? `ends ${end.direction} at ${end.hop} on ${end.node}, last seen ${end.lastSeen ? `${end.lastSeen.device} on ${end.lastSeen.node}` : 'nowhere'}`
    : 'arrives';
  return [
    `path ${id}: ${agreement}; ${ended}${loss ? '; lossy' : ''}`,
    forward.map(hopText).join(' '),
    returned.map(hopText).join(' '),
  ].join('; ');
}

function hopText({ hop, node, predicted, observed, traced }: PathHop): string {
  return `${hop}/${node}/${predicted.verdict}/${observed.replaceAll(' ', '-')}${traced === undefined ? '' : '/traced'}`;
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? '-' : [...ids].sort().join(',');
}

/** The behaviour of all recorded runs in one view, as it is kept beside this file. */
export function allBehaviour(view: ViewName, causes: readonly Cause[] = CAUSES): string {
  return recordedIds()
    .flatMap((id) => [`# ${id}`, ...behaviourOf(VIEWS[view](recorded(id)), causes)])
    .join('\n')
    .concat('\n');
}

export function keptBehaviour(view: ViewName): string {
  return gunzipSync(readFileSync(fileOf(view))).toString();
}

/** The lines of either that the other lacks, with the run they belong to. */
export function differences(before: string, after: string): readonly string[] {
  const [was, is] = [linesOf(before), linesOf(after)];
  return [
    ...[...was].filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...[...is].filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
}

function linesOf(text: string): ReadonlySet<string> {
  let run = '';
  return new Set(
    text.split('\n').map((line) => {
      if (line.startsWith('# ')) run = line.slice(2);
      return `${run}: ${line}`;
    }),
  );
}

const fileOf = (view: ViewName) => `test/replay/behaviour-${view}.txt.gz`;

// `make behaviour` keeps what is concluded now: look at the difference before committing it.
if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const view of Object.keys(VIEWS) as ViewName[])
    writeFileSync(fileOf(view), gzipSync(allBehaviour(view), { level: 9 }));
