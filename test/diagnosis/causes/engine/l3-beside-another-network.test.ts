import { l3BesideAnotherNetwork } from '../../../../src/diagnosis/causes/engine/l3-beside-another-network.js';
import type { AskedNetwork } from '../../../../src/evidence/facts.js';
import { change, describeCause, recorded, refusing, unrefused, type Situation } from '../../situation.js';

const seen = recorded('moby-l3-and-bridge');
const HOOK = 'OCI runtime create failed: error executing hook `/proc/294/exe` (exit code: 1): unknown';

/** The engine's error with another message, or about other networks. */
const asked = (message: string, alter: (network: AskedNetwork) => Partial<AskedNetwork> = () => ({})): Situation =>
  change(seen, ({ refusals }) => ({
    refusals: refusals.map((one) => ({
      ...one,
      message,
      networks: one.networks.map((network) => ({ ...network, ...alter(network) })),
    })),
  }));

describeCause(l3BesideAnotherNetwork, {
  recognises: {
    'L3 beside a bridge, with a message that only says that a hook failed': seen,
    'the same, with a message that names the route': asked(
      'failed to add interface veth7f672f9 to sandbox: error setting interface "veth7f672f9" routes to ["0.0.0.0/0"]: file exists: unknown',
    ),
    'the same with the message of older versions': asked('failed to set gateway while updating gateway: file exists'),
    'L3S beside a bridge': asked(HOOK, ({ driver }) => (driver === 'ipvlan' ? { mode: 'l3s' } : {})),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(seen),
    'L2 beside a bridge, where a hook fails': asked(HOOK, ({ driver }) => (driver === 'ipvlan' ? { mode: 'l2' } : {})),
    'a bridge that is internal, and gives no route': asked(HOOK, ({ driver }) => ({ internal: driver === 'bridge' })),
    'an L3 network that is internal': asked(HOOK, ({ driver }) => ({ internal: driver === 'ipvlan' })),
    'an engine that supports both': change(seen, ({ engine }) => ({ engine: { ...engine, version: '28.0.1' } })),
    'L3 alone, where a hook fails': refusing(recorded('article-second-attempt'), {
      step: 'start-container',
      container: 'webapp',
      message: HOOK,
    }),
    'another error of such a container': asked('failed to create the ipvlan port: device or resource busy'),
  },
});
