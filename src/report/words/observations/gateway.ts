import type { GatewayObservation } from '../../../diagnosis/observations/gateway.js';
import type { DnsSource, Refusal } from '../../../evidence/facts.js';
import { uplinkFaultText } from '../../../diagnosis/symptoms/uplink.js';
import { placeText } from './place.js';
import type { TextsOf } from './texts.js';

export const GATEWAY: TextsOf<GatewayObservation> = {
  'forbidding-route': ({ node, subnet, type, destination }) =>
    `${node}: a route of type ${type} to ${destination} matches ${subnet} (ip route).`,
  'only-default-route': ({ node, subnet }) => `${node}: only the default route matches ${subnet} (ip route).`,
  'unseen-routes': ({ node, destination }) =>
    `${node}: its routes were not observed. "ip route get ${destination}" on it shows them.`,
  'wrong-next-hop': ({ node, destination, leadsTo, expected }) =>
    `${node}: its route to ${destination} leads to ${leadsTo}, not to ${expected} (ip route).`,
  'strict-reverse-path': ({ node, device, subnet, via, back }) =>
    `${node}: rp_filter is strict on ${device}, and ${back === undefined ? `no route leads to ${subnet}` : `its route to ${subnet} is ${via === undefined ? '' : `via ${via} `}dev ${back}`} (sysctl, ip route).`,
  counter: ({ node, name, packets }) => `${node}: ${name} rose by ${packets} while the probes ran (nstat).`,
  'not-sent-on': ({ node, source, destination }) =>
    `${node}: packets of ${source} to ${destination} come in, and do not leave again.`,
  untranslated: ({ at, source, destination }) =>
    `${placeText(at)}: requests to ${destination} left with the source ${source}, untranslated, and no reply came.`,
  'nat-coverage': ({ node, covered, sources }) =>
    `${node}: its source NAT rules translate ${covered} and not ${sources.join(', ')}.`,
  'uplink-fault': ({ node, fault }) => `${node}: ${uplinkFaultText(fault)}.`,
  'nothing-beyond': ({ from, gateway }) =>
    `${from}: it reaches nothing beyond ${from === gateway ? 'its own LAN' : gateway}.`,
  'not-leaving': ({ at, source, destination }) =>
    `${placeText(at)}: requests of ${source} to ${destination} left the host, and do not leave here.`,
  'engine-error': ({ step, object, message }) => `docker: could not ${STEPS[step]} ${object}: "${message}".`,
  'engine-platform': ({ operatingSystem, rootless }) =>
    `docker: the engine runs on ${operatingSystem}${rootless ? ', rootless' : ''} (docker info).`,
  'engine-version': ({ version }) => `docker: the engine is ${version} (docker version).`,
  'closed-network': ({ network, why }) =>
    `docker: the network ${network} ${why === 'internal' ? 'is internal' : 'has no parent'} (docker network inspect).`,
  'dns-servers': ({ container, servers }) =>
    `${container}: ${servers.length > 1 ? 'its DNS servers are' : 'its DNS server is'} ${servers.join(' and ')} (docker inspect).`,
  'dns-server': ({ container, server: { address, source, askedFrom }, holder }) =>
    `${container}: its DNS server ${address}${holder === undefined ? '' : ` is the container ${holder}, and`} is taken from ${DNS_SOURCES[source]}${askedFrom === 'host' ? ', and Docker asks it from the host' : ''} (resolv.conf).`,
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

const DNS_SOURCES: Readonly<Record<DnsSource, string>> = {
  docker: "Docker's options",
  host: '/etc/resolv.conf of the host',
  'systemd-resolved': 'systemd-resolved on the host',
  container: 'its own /etc/resolv.conf',
};

const STEPS: Readonly<Record<Refusal['step'], string>> = {
  'create-network': 'create the network',
  'create-container': 'create the container',
  connect: 'connect the container',
  'start-container': 'start the container',
};
