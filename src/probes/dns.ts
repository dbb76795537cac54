import type { Outcome } from '../evidence/evidence.js';
import { familyOf } from '../ip.js';
import { quote } from '../shell.js';
import { attempts, failureIn, sentFrom, wordsOf, type FlowProbe } from './flow-probe.js';
import type { Output } from './look.js';

export const dns: FlowProbe = {
  id: 'dns',
  title: 'DNS: a name through the node’s own resolver, or a server asked directly',
  command: ({ check, tag, resolver, source }) =>
    check.to.name === undefined
      ? query({
          server: quote(check.to.address),
          name: '.',
          type: 'NS',
          tag,
          source,
          family: familyOf(check.to.address),
        })
      : query({
          server: resolver,
          name: check.to.name,
          type: familyOf(check.to.address) === 6 ? 'AAAA' : 'A',
          tag,
          source,
        }),
  parse: (output, { check }) => parseDig(output, check.to.name !== undefined),
};

interface Query {
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly tag: number;
  /** Family of the server; absent when that is only known to the shell, and the lookup cannot be marked. */
  readonly family?: 4 | 6 | undefined;
  readonly source: string | undefined;
}

/**
 * One question, asked once: a retry would only hide how long a silent server takes.
 */
export function query({ server, name, type, tag, family, source }: Query): string {
  const any = family === 6 ? '::' : '0.0.0.0';
  const bound = family === undefined ? sentFrom('-b', source) : ` -b ${source ?? any}#${tag}`;
  return `dig +tries=1 +time=2 +noedns${bound} @${server} ${quote(name)} ${type}`;
}

/**
 * What dig prints.
 *
 * @param wantsAddress whether an answer without addresses counts as a failure; a server asked directly need only answer
 */
export function parseDig({ stdout, stderr }: Output, wantsAddress: boolean): Outcome {
  const status = /status: (\w+)/.exec(stdout)?.[1];
  const milliseconds = /Query time: (\d+) msec/.exec(stdout)?.[1];
  const answers = [...stdout.matchAll(/^[^;\s]\S*\s+\d+\s+IN\s+(?:A|AAAA|NS)\s+(\S+)$/gm)].map(
    ([, answer]) => answer ?? '',
  );
  const words = wordsOf(
    ...[...stdout.matchAll(/^;; (.*(?:timed out|refused|unreachable|no servers).*)$/gm)].map(([, line]) => line ?? ''),
    stderr,
  );
  if (status === undefined) {
    if (words.length === 0) return { kind: 'broken', error: 'dig printed nothing to go by' };
    return attempts({ sent: 1, arrived: 0, failure: failureIn(words.join('\n')), said: words });
  }
  const resolved = wantsAddress ? answers.length > 0 : status !== 'SERVFAIL';
  const time = Number(milliseconds ?? 0);
  return attempts({
    sent: 1,
    arrived: resolved ? 1 : 0,
    failure: resolved ? undefined : 'not-resolved',
    roundTripMs: resolved ? { min: time, average: time, max: time } : undefined,
    said: resolved ? [] : [`DNS answered ${status}`],
    answers,
  });
}
