import type { GatewayObservation } from '../../../diagnosis/observations/gateway.js';
import type { Refusal } from '../../../evidence/facts.js';
import type { TextsOf } from './texts.js';

export const GATEWAY: TextsOf<GatewayObservation> = {
  'engine-error': ({ step, object, message }) => `docker: could not ${STEPS[step]} ${object}: "${message}".`,
  'engine-platform': ({ operatingSystem, rootless }) =>
    `docker: the engine runs on ${operatingSystem}${rootless ? ', rootless' : ''} (docker info).`,
  'engine-version': ({ version }) => `docker: the engine is ${version} (docker version).`,
  'closed-network': ({ network, why }) =>
    `docker: the network ${network} ${why === 'internal' ? 'is internal' : 'has no parent'} (docker network inspect).`,
  'dns-servers': ({ container, servers }) =>
    `${container}: ${servers.length > 1 ? 'its DNS servers are' : 'its DNS server is'} ${servers.join(' and ')} (docker inspect).`,
  'published-port': ({ container, protocol, port, network, driver }) =>
    `${container}: it publishes ${protocol}/${port}, and is on ${network} (${driver}), where Docker publishes no ports.`,
  'bound-elsewhere': ({ node, protocol, port, bound, address }) =>
    `${node}: ${protocol}/${port} is bound to ${bound}, not to ${address} (ss -ltnu).`,
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
