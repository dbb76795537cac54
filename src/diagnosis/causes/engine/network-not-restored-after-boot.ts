import { placeholder, sh, type ShellCommand } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

export const networkNotRestoredAfterBoot = defineCause({
  id: 'network-not-restored-after-boot',
  title: 'Docker did not restore the network when it started',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    When Docker starts it recreates its networks from its own files. A parent may appear later: a VLAN, a bridge of a
    virtual machine, a USB card, Wi-Fi. Docker then keeps the network without its driver. "docker network ls" shows it, and
    its containers do not start: "network id … not found".`,
  see: [
    'https://github.com/moby/moby/issues/38844',
    'https://github.com/moby/libnetwork/issues/2415',
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html',
  ],

  reproduced: {
    by: 'not',
    why: 'it needs a Docker daemon that starts before its parent exists, and a run never restarts its engine',
  },

  detect: (observed) => engineErrors('network-not-restored-after-boot', observed),
  explain: ({ errors }) =>
    explainErrors(
      errors,
      (one) =>
        `Docker lists the network ${one.network?.name ?? one.words['id']} and did not restore it: ${one.network?.parent ?? 'its parent'} was missing when Docker started`,
    ),
  remedy: ({ errors, host }) => [
    advice('Check that the parent is there, then restart Docker', host, [
      ...errors.map((one) => sh`ip link show dev ${parentOf(one)}`),
      { kind: 'service', on: host, do: 'restart', service: 'docker' },
    ]),
    advice('To fix it permanently, make Docker wait for the parent', host, [
      waitFor([...new Set(errors.flatMap(({ network }) => network?.parent ?? []))]),
      sh`systemctl daemon-reload`,
    ]),
  ],
});

function parentOf({ network }: EngineError): string | ShellCommand {
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
