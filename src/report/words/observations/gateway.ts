import type { GatewayObservation } from '../../../diagnosis/observations/gateway.js';
import type { Refusal } from '../../../evidence/facts.js';
import type { TextsOf } from './texts.js';

export const GATEWAY: TextsOf<GatewayObservation> = {
  'engine-error': ({ step, object, message }) => `docker: could not ${STEPS[step]} ${object}: "${message}".`,
  'engine-platform': ({ operatingSystem, rootless }) =>
    `docker: the engine runs on ${operatingSystem}${rootless ? ', rootless' : ''} (docker info).`,
  'parent-of-network': ({ network, driver, parent }) =>
    `docker: the ${driver} network ${network} has the parent ${parent} too (docker network inspect).`,
  'port-of': ({ at: { node, device }, controller }) => `${node}: ${device} is a port of ${controller} (ip link).`,
  'network-setting': ({ network, setting, value }) =>
    `docker: ${network} has ${setting} ${value} (docker network inspect).`,
};

const STEPS: Readonly<Record<Refusal['step'], string>> = {
  'create-network': 'create the network',
  'create-container': 'create the container',
  connect: 'connect the container',
  'start-container': 'start the container',
};
