import type { Observation, Place } from '../../diagnosis/observation.js';
import { overText } from '../../scenario/plan.js';

type Kind = Observation['kind'];
type Texts = { readonly [K in Kind]: (observation: Extract<Observation, { readonly kind: K }>) => string };

/** One sentence for what was seen, which begins with the place it was seen at. */
export function observationText(observation: Observation): string {
  return (TEXTS[observation.kind] as (one: Observation) => string)(observation);
}

const TEXTS: Texts = {
  'packets-seen': ({ at, source, destination, requests, replies }) =>
    `${placeText(at)}: ${requests} requests of ${source} to ${destination} left, ${replies} replies came back.`,
  flow: ({ from, to, over, arrives }) =>
    `${from}: ${to} ${arrives ? 'is reachable' : 'does not answer'} (${overText(over)}).`,
  'link-state': ({ at: { node, device }, state }) => `${node}: ${device} ${STATES[state]} (ip link).`,
  'address-held': ({ at: { node, device }, address }) => `${node}: ${device} has ${address} (ip address).`,
  route: ({ node, destination, via, device }) =>
    `${node}: its route to ${destination} is ${[via && `via ${via}`, device && `dev ${device}`].filter(Boolean).join(' ')} (ip route get ${destination}).`,
  'no-route': ({ node, destination }) => `${node}: no route matches ${destination} (ip route get ${destination}).`,
  sysctl: ({ node, name, value }) => `${node}: ${name} is ${value} (sysctl).`,
  'unanswered-arp': ({ at, asker, address }) =>
    `${placeText(at)}: ${asker} asks by ARP for ${address}, and there is no reply.`,
  'network-setting': ({ network, setting, value }) =>
    `docker: ${network} has ${setting} ${value} (docker network inspect).`,
};

const STATES = {
  up: 'is up',
  down: 'is administratively down',
  'no-carrier': 'is up and has no carrier',
} as const;

function placeText({ node, device }: Place): string {
  return device === undefined ? node : `${device} on ${node}`;
}
