import type { Neighbour } from '../../evidence/facts.js';
import { defineFactProbe, isConfigured } from './fact-probe.js';
import { documentOf, STATE_AFTER } from './network-state.js';

export const neighbours = defineFactProbe({
  id: 'neighbours',
  title: 'Neighbour tables, as the probes left them',
  establishes: 'neighbours',
  wanted: isConfigured,
  readings: [STATE_AFTER],
  parse: (printed) => parseNeighbours(documentOf(printed.by(STATE_AFTER), 1)),
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
