import { serviceBoundToWrongAddress } from '../../../../src/diagnosis/causes/service/service-bound-to-wrong-address.js';
import type { Socket } from '../../../../src/evidence/facts.js';
import { arriving, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const refused = lost(recorded('article-second-attempt'), 'refused', 'webapp>database/tcp/3306');
const listening = (...sockets: readonly Socket[]): Situation =>
  change(refused, () => ({ sockets: { database: sockets } }));
const at = (address: string, port = 3306): Socket => ({ protocol: 'tcp', address, port });

describeCause(serviceBoundToWrongAddress, {
  recognises: {
    'a service on the loopback': listening(at('127.0.0.1')),
    'a service on another of its addresses': listening(at('172.30.0.5')),
    'a service on the IPv6 loopback': listening(at('::1')),
  },
  leavesAlone: {
    'a port on which no service listens': listening(at('0.0.0.0', 80)),
    'a service on every address, where something else rejects the connection': listening(
      at('127.0.0.1'),
      at('0.0.0.0'),
    ),
    'a service on every address of both families': listening(at('::')),
    'a timeout, which no closed port causes': lost(listening(at('127.0.0.1')), 'timeout', 'webapp>database/tcp/3306'),
    'the same port over UDP': listening({ ...at('127.0.0.1'), protocol: 'udp' }),
    'a connection that arrives': arriving(listening(at('127.0.0.1')), '*'),
  },
  cannotTell: { 'a container whose sockets were not read': refused },
});
