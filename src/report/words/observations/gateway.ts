import type { GatewayObservation } from '../../../diagnosis/observations/gateway.js';
import type { TextsOf } from './texts.js';

export const GATEWAY: TextsOf<GatewayObservation> = {
  'network-setting': ({ network, setting, value }) =>
    `docker: ${network} has ${setting} ${value} (docker network inspect).`,
};
