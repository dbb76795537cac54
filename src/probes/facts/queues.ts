import type { Queue } from '../../evidence/facts.js';
import { defineFactProbe, type Reading } from './fact-probe.js';

/** Read after the probes, to count what was dropped. */
const READING: Reading = { name: 'queues', command: 'tc -s qdisc show', when: 'after' };

export const queues = defineFactProbe({
  id: 'queues',
  title: 'Queues in which packets wait before they leave through a link, and how many they dropped',
  establishes: 'queues',
  readings: [READING],
  wanted: ({ kind }) => kind === 'host' || kind === 'gateway',
  parse: (printed) => parseQueues(printed.by(READING)),
});

/** `tc -s qdisc show`: a line for each, and what it counted below. */
export function parseQueues(text: string): readonly Queue[] {
  return text.split(/^(?=qdisc )/m).flatMap((part) => {
    const [head = '', ...counted] = part.split('\n');
    const [, kind, device, place, parent, options = ''] =
      /^qdisc (\S+) \S+ dev (\S+) (root|parent (\S+))(?: refcnt \d+)? ?(.*)$/.exec(head) ?? [];
    if (kind === undefined || device === undefined || place === undefined) return [];
    const dropped = /\(dropped (\d+),/.exec(counted.join('\n'))?.[1];
    return [{ device, kind, parent, options: options.trim(), dropped: Number(dropped ?? 0) }];
  });
}
