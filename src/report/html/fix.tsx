import type { CauseResult, RemedyResult } from '../result.js';
import { proofText } from '../words.js';
import { CommandBlock } from './command.js';

/** What fixes a cause: the first way, and the others folded. */
export function Fix({ cause }: { readonly cause: CauseResult }) {
  const [first, ...others] = cause.remedies;
  return (
    <section>
      <h3>The fix for {cause.id}</h3>
      {cause.kind === 'by-design' && (
        <p class="dim">The driver works like this by design; these commands work around it.</p>
      )}
      {first && <Steps remedy={first} />}
      {others.length > 0 && (
        <details>
          <summary>Other fixes and other platforms</summary>
          {others.map((remedy) => (
            <Steps remedy={remedy} key={remedy.title} />
          ))}
        </details>
      )}
    </section>
  );
}

function Steps({ remedy }: { readonly remedy: RemedyResult }) {
  return (
    <div>
      <p>
        {remedy.title}.{' '}
        {remedy.use === 'run' && (
          <strong class={remedy.proof === 'verified' ? 'pass' : 'dim'}>{proofText(remedy)}.</strong>
        )}
      </p>
      {remedy.prediction && <p class="dim">{remedy.prediction.sentence}</p>}
      {remedy.commands.map(({ on, run, undo }) => (
        <div key={`${on} ${run}`}>
          <CommandBlock heading={`on ${on}`} text={run} />
          {undo && <CommandBlock heading="to undo" text={undo} undo />}
        </div>
      ))}
    </div>
  );
}
