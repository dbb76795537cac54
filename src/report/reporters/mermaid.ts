import { MARKS, type Picture, type Station, type StationState } from '../picture.js';
import { plain } from '../../printable.js';

/** The forward and return path as a Mermaid flowchart, which GitHub draws. The marks say the same as the colours. */
export function mermaid({ forward, return: returned }: Picture): string {
  return [
    'flowchart LR',
    ...row('t', 'forward', forward),
    ...row('b', 'return', returned),
    '  classDef failed stroke:#cf222e,stroke-width:3px',
    '  classDef quiet stroke-dasharray:4',
  ].join('\n');
}

function row(prefix: string, name: string, stations: readonly Station[]): readonly string[] {
  if (stations.length === 0) return [];
  const nodes = stations.map(({ label, node, state }, index) => {
    const where = node ? `<br/>${quoted(node)}` : '';
    return `    ${prefix}${index}["${MARKS[state]} ${quoted(label)}${where}"]${styleOf(state)}`;
  });
  const ways = stations.slice(1).map((_, index) => `    ${prefix}${index} --> ${prefix}${index + 1}`);
  return [`  subgraph ${name}`, '    direction LR', ...nodes, ...ways, '  end'];
}

function styleOf(state: StationState): string {
  if (state === 'failed') return ':::failed';
  return state === 'passed' ? '' : ':::quiet';
}

/** Mermaid's own way to write characters that would end a label or a line. */
function quoted(text: string): string {
  return plain(text).replaceAll(/[^\p{L}\p{N} ._/:-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`);
}
