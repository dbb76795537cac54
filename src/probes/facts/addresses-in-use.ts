import type { Shell } from '../../engine/engine.js';
import { familyOf } from '../../ip.js';
import { quote } from '../../shell.js';

/**
 * Which of some IPv4 addresses are in use on the LAN, asked from the parent by ARP without claiming any address (RFC 5227). A
 * container cannot ask, because its own host does not hear it.
 *
 * @returns addresses that are in use
 */
export async function addressesInUse(
  shell: Shell,
  { parent, addresses }: { readonly parent: string; readonly addresses: readonly string[] },
): Promise<readonly string[]> {
  // Exit code 1 is an answer; anything else is arping's own trouble.
  const asks = addresses
    .filter((address) => familyOf(address) === 4)
    .map(
      (one) => `{ arping -D -q -c 2 -w 1 -I ${quote(parent)} ${quote(one)} 2>/dev/null; [ $? = 1 ] && echo ${one}; } &`,
    );
  const { stdout } = await shell.run([...asks, 'wait'].join('\n'), { timeoutMs: 30_000 });
  return stdout.toString().split('\n').filter(Boolean);
}
