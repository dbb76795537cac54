import type { HostObservation } from '../../../diagnosis/observations/host.js';
import type { TextsOf } from './texts.js';

export const HOST: TextsOf<HostObservation> = {
  route: ({ node, destination, via, device }) =>
    `${node}: its route to ${destination} is ${[via && `via ${via}`, device && `dev ${device}`].filter(Boolean).join(' ')} (ip route get ${destination}).`,
  'no-route': ({ node, destination }) => `${node}: no route matches ${destination} (ip route get ${destination}).`,
  sysctl: ({ node, name, value }) => `${node}: ${name} is ${value} (sysctl).`,
};
