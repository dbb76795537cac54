import { expect } from 'chai';
import { duplicateMacOnParent } from '../../../../src/diagnosis/causes/engine/duplicate-mac-on-parent.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { change, describeCause, recorded, refusing, unrefused, withLink, type Situation } from '../../situation.js';

const MAC = '02:00:00:00:00:2a';
const BUSY = 'failed to set link up: address already in use';
const HOOK = 'OCI runtime create failed: error executing hook `/proc/1/exe` (exit code: 1)';
const healthy = recorded('macvlan-healthy');

/** As if `database` had not started, with what the engine said. */
const rejected = (message: string, mac?: string): Situation =>
  refusing(healthy, { step: 'start-container', container: 'database', message, ...(mac === undefined ? {} : { mac }) });

/** As `docker inspect` shows another container's MAC address. */
const held = (situation: Situation, mac: string): Situation =>
  change(situation, ({ containers }) => ({
    containers: containers.map((one) =>
      one.name === 'webapp' ? { ...one, attachments: one.attachments.map((at) => ({ ...at, mac })) } : one,
    ),
  }));

/** As if a virtual machine's link were on the parent. */
const besideMachine = change(rejected(HOOK, MAC), ({ links }) => {
  const [like] = links['host'] ?? [];
  const own = like ? [{ ...like, name: 'macvtap0', kind: 'macvtap', mac: MAC, lower: 'enp0s3', addresses: [] }] : [];
  return { links: { ...links, host: [...(links['host'] ?? []), ...own] } };
});

describeCause(duplicateMacOnParent, {
  recognises: {
    'the error of a link that cannot be set up': rejected(BUSY),
    'the same on an older kernel': rejected('failed to set link up: device or resource busy', MAC),
    'the same by Podman': rejected(
      'netavark: set macvlan up: Netlink error: Address already in use (os error 98)',
      MAC,
    ),
    'a hook that failed without a word, where another container has the MAC address': held(
      rejected(HOOK, MAC),
      MAC.toUpperCase(),
    ),
    'the same where the link of the other container shows it': withLink(rejected(HOOK, MAC), 'webapp', {
      name: 'eth0',
      mac: MAC,
    }),
    'the same beside a virtual machine on the parent': besideMachine,
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a hook that failed, where no link has the MAC address': rejected(HOOK, MAC),
    'a hook that failed for a container whose MAC address Docker chose': held(rejected(HOOK), MAC),
    'an IP address that is taken': rejected('Address already in use'),
    'a port that is taken': rejected('driver failed: listen tcp4 0.0.0.0:80: bind: address already in use', MAC),
    'a MAC address on IPvlan': refusing(recorded('l2-healthy'), {
      step: 'start-container',
      container: 'database',
      message: 'ipvlan interfaces do not support custom mac address assignment',
      mac: MAC,
    }),
  },
});

describe('a MAC address that two containers ask for', () => {
  it('is told with the container that has it', () => {
    const [found] = diagnose(held(rejected(BUSY, MAC), MAC), [duplicateMacOnParent]).found;
    expect(found?.explanation).to.include(`asks for the MAC address ${MAC}, which webapp has on enp0s3 already`);
  });
});
