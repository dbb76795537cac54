import { ipvlanModeNotValid } from '../../../../src/diagnosis/causes/engine/ipvlan-mode-not-valid.js';
import { change, describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(ipvlanModeNotValid, {
  recognises: {
    'a mode that does not exist': refusing(healthy, {
      step: 'create-network',
      message: "requested ipvlan mode 'l33' is not valid, 'l2' mode is the ipvlan driver default",
    }),
    'a flag that does not exist': refusing(healthy, {
      step: 'create-network',
      message: "requested ipvlan flag 'privat' is not valid, 'bridge' is the ipvlan driver default",
    }),
    'l3s on an engine that is too old for it': change(
      refusing(healthy, {
        step: 'create-network',
        message: "requested ipvlan mode 'l3s' is not valid, 'l2' mode is the ipvlan driver default",
      }),
      ({ engine }) => ({ engine: { ...engine, version: '20.10.24' } }),
    ),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a mode that the kernel was not built with': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: operation not supported',
    }),
  },
});
