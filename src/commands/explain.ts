import { Command } from 'commander';
import pc from 'picocolors';
import { CAUSES } from '../diagnosis/causes/index.js';
import type { Cause } from '../diagnosis/cause.js';
import { DoctorError } from '../errors.js';
import { HOP_TEXTS } from '../report/words/hop.js';
import { wrap } from '../report/layout.js';
import { didYouMean } from '../suggest.js';
import { jsonOption } from './options.js';
import { printJson } from './print.js';

/** `ipvlan-doctor explain [CAUSE]`: what a cause is, where it acts, and where it is documented. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('explain what a cause is and how it shows')
    .argument('[cause]', 'its id (default: all)')
    .addOption(jsonOption())
    .action((id: string | undefined, { json }: { json?: boolean }) => {
      const causes = id === undefined ? CAUSES : [causeOf(id)];
      if (json) printJson(causes.map(described));
      else process.stdout.write(id === undefined ? overview(causes) : causes.map(page).join('\n'));
    });
}

function causeOf(id: string): Cause {
  const cause = CAUSES.find((candidate) => candidate.id === id);
  if (cause) return cause;
  const suggestion = didYouMean(
    id,
    CAUSES.map((candidate) => candidate.id),
  );
  throw new DoctorError('NOT_FOUND', `No cause is called ${id}.${suggestion}`, {
    hint: '"ipvlan-doctor explain" shows all.',
  });
}

function described({ id, title, kind, layer, hop, appliesTo, background, see }: Cause) {
  return { id, title, kind, layer, hop, appliesTo, background: oneLine(background), see };
}

function overview(causes: readonly Cause[]): string {
  const width = Math.max(...causes.map(({ id }) => id.length));
  return causes.map(({ id, title }) => `${pc.bold(id.padEnd(width))}  ${title}\n`).join('');
}

function page({ id, title, kind, layer, hop, appliesTo, background, see }: Cause): string {
  const facts = `${kind}, layer ${layer}; acts at ${HOP_TEXTS[hop]}; concerns ${appliesTo.join(', ')}`;
  return [pc.bold(id), title, '', facts, '', wrap(oneLine(background), 78), '', ...see, ''].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
