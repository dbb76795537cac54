import { readFileSync } from 'node:fs';
import { change, recorded, type Situation } from '../../diagnosis/situation.js';
import { seenFromHost } from '../../replay/seen-from-host.js';
import { parseGatewayEvidence } from '../../../src/probes/gateway/gateway-evidence.js';

/** A text as a router prints it, written by hand after its vendor's documentation. All have the addresses of recorded runs. */
export function printedBy(family: string): string {
  return readFileSync(`test/probes/gateway/printed/${family}.txt`, 'utf8');
}

/** The same with lines changed; each change has to be in the text. */
export function edited(text: string, edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((left, [from, to]) => {
    if (!left.includes(from)) throw new Error(`The text has no "${from}".`);
    return left.replaceAll(from, to);
  }, text);
}

/** MAC addresses in the texts: the router's on the LAN, and the Docker host's. */
const MACS = { gateway: '52:54:00:aa:00:02', host: '52:54:00:bb:00:02' } as const;

/** A recorded run as the Docker host shows it, with what the router printed. Both have the same MAC addresses. */
export function withPrinted(id: string, text: string): Situation {
  const run = recorded(id);
  const { facts, software } = parseGatewayEvidence(sameMacs(text, run), 'gateway');
  return change(seenFromHost(run), (was) => ({
    ...Object.fromEntries(
      Object.entries(facts).map(([fact, value]) => [
        fact,
        { ...(was as unknown as Record<string, object>)[fact], ...value },
      ]),
    ),
    nodes: was.nodes.map((node) => (node.name === 'gateway' ? { ...node, software } : node)),
  }));
}

function sameMacs(text: string, { facts }: Situation): string {
  return Object.entries(MACS).reduce((left, [node, mac]) => {
    const own = facts.links?.[node]?.find(({ name }) => name === (node === 'host' ? 'enp0s3' : 'lan0'))?.mac ?? '';
    return SPELLINGS.reduce((rest, spell) => rest.replaceAll(spell(mac), spell(own)), left);
  }, text);
}

const SPELLINGS: readonly ((mac: string) => string)[] = [
  (mac) => mac,
  (mac) => mac.toUpperCase(),
  (mac) => (mac.replaceAll(':', '').match(/.{4}/g) ?? []).join('.'),
];
