import { placeholder, sh, type ShellCommand } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { explainRefused, refusedAs, type Refused } from '../../symptoms/refused.js';

export const networkNotRestoredAfterBoot = defineCause({
  id: 'network-not-restored-after-boot',
  title: 'Docker could not bring the network back when it started',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    When Docker starts it makes its networks anew from what it has on disk. A parent that appears later (a VLAN, a bridge of
    a virtual machine, a USB card, Wi-Fi) is not there yet, and the network stays without its driver: docker network ls
    shows it, and containers fail with "network id … not found".`,
  see: [
    'https://github.com/moby/moby/issues/38844',
    'https://github.com/moby/libnetwork/issues/2415',
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html',
  ],

  reproduced: {
    by: 'not',
    why: 'it takes a Docker daemon that starts before its parent exists, and a run never restarts the engine it talks to',
  },

  detect: (view) => refusedAs('network-not-restored-after-boot', view),
  explain: ({ refused }) =>
    explainRefused(
      refused,
      (one) =>
        `Docker lists the network ${one.network?.name ?? one.words['id']} and has lost it: ${one.network?.parent ?? 'its parent'} was not there when Docker started`,
    ),
  remedy: ({ refused }) => [
    advice('Restart Docker, now that the parent is there', 'host', [
      ...refused.map((one) => sh`ip link show dev ${parentOf(one)}`),
      sh`systemctl restart docker`,
    ]),
    advice('For good: have Docker wait for the parent', 'host', [
      waitFor([...new Set(refused.flatMap(({ network }) => network?.parent ?? []))]),
      sh`systemctl daemon-reload`,
    ]),
  ],
});

function parentOf({ network }: Refused): string | ShellCommand {
  return network?.parent ?? placeholder('PARENT');
}

function waitFor(parents: readonly string[]): ShellCommand {
  const units = parents.length > 0 ? parents.map(unit) : [placeholder('PARENT')];
  return sh`mkdir -p /etc/systemd/system/docker.service.d && printf '[Unit]\\nWants=%s\\nAfter=%s\\n' ${units.flatMap((one) => [one, one])} > /etc/systemd/system/docker.service.d/wait-for-parent.conf`;
}

/** systemd writes a dash within a name as `\x2d`. */
function unit(parent: string): string {
  return `sys-subsystem-net-devices-${parent.replaceAll('-', '\\x2d')}.device`;
}
