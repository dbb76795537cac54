import type { Missing } from '../../evidence/evidence.js';
import type { AddressHolders, PerNode } from '../../evidence/facts.js';
import { bare, familyOf } from '../../ip.js';
import { quote } from '../../shell.js';
import type { AskedAddress, LookRequest } from '../look-request.js';
import type { Outputs } from '../outputs.js';

/** Seconds in which every holder of an address replies: within what a ping without replies takes. */
const WAIT = 2;

/**
 * Shell lines that ask while the probes wait for replies, each address in a process of its own. A container's address is asked for
 * by a probe that claims none (RFC 5227): it is the container's, and its host does not hear it. No address or link is changed.
 */
export function askHolders({ holders = [] }: LookRequest, node: string): readonly string[] {
  const own = holders.filter((asked) => asked.node === node);
  return own.map(
    (asked, at) => `{ ${questionAbout(asked)}; } >${nameOf(at)}.out 2>${nameOf(at)}.err & ASKED="$ASKED $!"`,
  );
}

/** Waits for the answers. */
export function awaitHolders({ holders = [] }: LookRequest, node: string): readonly string[] {
  return holders.some((asked) => asked.node === node) ? ['wait $ASKED'] : [];
}

/** Name of a question's files within its node's directory. */
function nameOf(at: number): string {
  return `holders-${at}`;
}

/**
 * Of IPv6 the kernel itself asks, and keeps the reply in its table. With a source, arping goes on and shows every reply; a probe
 * without one ends with the first.
 */
function questionAbout({ address, device, source }: AskedAddress): string {
  const [where, what] = [quote(device), quote(address)];
  if (familyOf(address) === 6)
    return `ping -6 -n -q -c 1 -W ${WAIT} -I ${where} ${what} >/dev/null; ip -6 neighbour show to ${what} dev ${where} && echo asked`;
  const how = source === undefined ? '-D' : `-s ${quote(source)}`;
  return `arping ${how} -c 2 -w ${WAIT} -I ${where} ${what}`;
}

/** Which MAC addresses replied for the addresses that were asked for. */
export function addressHoldersOf(
  request: LookRequest,
  outputs: Outputs,
): { readonly addressHolders: PerNode<readonly AddressHolders[]>; readonly missing: readonly Missing[] } {
  const found: Record<string, AddressHolders[]> = {};
  const missing: Missing[] = [];
  request.nodes.forEach(({ name }, index) => {
    const own = (request.holders ?? []).filter(({ node }) => node === name);
    own.forEach(({ address, device }, at) => {
      const [out = '', error = ''] = ['out', 'err'].map((suffix) =>
        outputs.file(index, `${nameOf(at)}.${suffix}`)?.toString(),
      );
      const macs = parseHolders(out);
      if (macs) (found[name] ??= []).push({ address: bare(address), device, macs });
      else {
        const why = error.trim() || outputs.whyNot(index) || 'nothing was sent';
        missing.push({ fact: 'addressHolders', node: name, reason: `${address} on ${device}: ${why}` });
      }
    });
  });
  return { addressHolders: found, missing };
}

/**
 * What arping prints, or a line of `ip neighbour` and the word that it was asked.
 *
 * @returns in lower case, in the order of the replies; `undefined` when nothing was sent
 */
export function parseHolders(printed: string): readonly string[] | undefined {
  if (!/^(?:Sent \d+ probe|asked$)/m.test(printed)) return undefined;
  const replies = [...printed.matchAll(/reply from \S+ \[([0-9a-f:]{17})\]|lladdr ([0-9a-f:]{17})/gi)];
  return [...new Set(replies.map(([, arp, nd]) => (arp ?? nd ?? '').toLowerCase()))];
}
