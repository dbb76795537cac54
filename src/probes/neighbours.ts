import type { Neighbour } from '../evidence/facts.js';
import { defineFactProbe, isConfigured, type Reading } from './fact-probe.js';

const READING: Reading = { name: 'neighbours', command: 'ip -json neighbour show', when: 'after' };

export const neighbours = defineFactProbe({
  id: 'neighbours',
  title: 'Neighbour tables, as the probes left them',
  establishes: 'neighbours',
  wanted: isConfigured,
  readings: [READING],
  parse: (printed) => parseNeighbours(printed.by(READING)),
});

interface NeighbourOutput {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state?: readonly string[];
}

/** `ip -json neighbour show`. */
export function parseNeighbours(json: string): readonly Neighbour[] {
  if (json.trim() === '') return [];
  return (JSON.parse(json) as readonly NeighbourOutput[]).map(({ dst, dev, lladdr, state }) => ({
    address: dst,
    device: dev,
    mac: lladdr,
    state: state?.join(',') ?? 'NONE',
  }));
}
