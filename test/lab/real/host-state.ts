import type { Lab } from '../../../src/lab/lab.js';

/** What a run may have changed on a lab's host, as text to compare: without what counts or ages. */
export async function hostState(lab: Lab): Promise<string> {
  const script = [
    'ip -o link | cut -d" " -f2',
    'ip route; ip rule',
    'ls /sys/kernel/tracing/instances',
    'nft list ruleset | sed "s/packets [0-9]* bytes [0-9]*//"',
    'sysctl -n net.ipv4.ip_forward',
  ];
  return (await lab.exec(['/bin/sh', '-c', script.join('; ')])).stdout;
}
