import { HOP_TEXTS } from '../report/words/hop.js';
import type { Cause, CauseKind } from '../diagnosis/cause.js';

/** `src/diagnosis/causes/README.md`: what each cause is, where it acts, and where it is documented. Pure. */
export function causesReadme(causes: readonly Cause[]): string {
  const pages = [...causes].sort((a, b) => (a.id < b.id ? -1 : 1)).map(page);
  return [
    '# Causes',
    '<!-- Generated from the causes by `make generate`. Edit those. -->',
    `The ${causes.length} causes the tool tells apart. One file each, under its id.`,
    ...pages,
  ]
    .join('\n\n')
    .concat('\n');
}

const KINDS: Readonly<Record<CauseKind, string>> = {
  fault: 'A fault',
  'by-design': 'A limitation of the driver by design',
  informational: 'For information',
};

function page({ id, title, kind, layer, hop, appliesTo, background, see }: Cause): string {
  return [
    `## ${id}`,
    `**${title}.** ${KINDS[kind]}, layer ${layer}, at ${HOP_TEXTS[hop]}; concerns ${appliesTo.join(', ')}.`,
    background.replaceAll(/\s+/g, ' ').trim(),
    see.map((url) => `<${url}>`).join(' · '),
  ].join('\n\n');
}
