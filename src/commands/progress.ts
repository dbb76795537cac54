import { Listr } from 'listr2';
import { plain } from '../printable.js';
import { saysYes } from './environment.js';
import { printError } from './print.js';

/**
 * Shows what long work is doing: a line that changes on a terminal, a line for each step elsewhere. Always on standard
 * error, so that standard output holds results alone.
 *
 * @param quiet shows nothing at all
 * @param lines shows a line for each step on a terminal too, because the work prints lines of its own
 */
export async function withProgress<Value>(
  title: string,
  { quiet = false, lines = false }: { readonly quiet?: boolean; readonly lines?: boolean },
  work: (onStep: (step: string) => void) => Promise<Value>,
): Promise<Value> {
  if (quiet) return work(() => undefined);
  if (lines || !process.stderr.isTTY || saysYes(process.env['CI'])) return work(plainSteps());
  let value: Value | undefined;
  const list = new Listr(
    [
      {
        title: plain(title),
        async task(_, line) {
          value = await work((step) => {
            line.output = plain(step);
          });
        },
      },
    ],
    {
      rendererOptions: { outputTo: 'stderr' } as object,
    },
  );
  await list.run();
  return value as Value;
}

/** The same step again says nothing new. */
function plainSteps(): (step: string) => void {
  let last = '';
  return (step) => {
    if (step !== last) printError(`${step}\n`);
    last = step;
  };
}
