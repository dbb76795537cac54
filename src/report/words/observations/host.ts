import type { Rule } from '../../../evidence/facts.js';
import type { HostObservation, Tunnel } from '../../../diagnosis/observations/host.js';
import { familyOf } from '../../../ip.js';
import { placeText } from './place.js';
import type { TextsOf } from './texts.js';

export const HOST: TextsOf<HostObservation> = {
  route: ({ node, destination, via, device }) =>
    `${node}: its route to ${destination} is ${[via && `via ${via}`, device && `dev ${device}`].filter(Boolean).join(' ')} (${routeGet(destination)}).`,
  'no-route': ({ node, destination, outDevice }) =>
    outDevice === undefined
      ? `${node}: no route matches ${destination} (${routeGet(destination)}).`
      : `${node}: no route through ${outDevice} matches ${destination} (${routeGet(destination)} oif ${outDevice}).`,
  'route-elsewhere': ({ node, destination, device, subnet, expected }) =>
    device === undefined
      ? `${node}: no route matches ${destination}, expected one through ${expected} (${routeGet(destination)}).`
      : `${node}: its route to ${destination} is ${subnet === undefined ? '' : `${subnet} `}dev ${device}, not dev ${expected} (${routeGet(destination)}).`,
  'advertised-route': ({ at: { node, device }, destination, via }) =>
    `${node}: a router advertisement on ${device} gave it a route to ${destination}${via === undefined ? '' : ` via ${via}`} (ip -6 route).`,
  'router-advertisement': ({ at }) => `${placeText(at)}: router advertisements come in.`,
  'tunnel-route': ({ node, destination, tunnel, pinnedTo }) =>
    `${node}: its own route to ${destination} uses ${tunnel.device}, because of ${tunnelText(tunnel)}; pinned to ${pinnedTo} it is the default route.`,
  'policy-rule': ({ node, rule }) => `${node}: policy rule ${rule.priority} is "${ruleWords(rule)}" (ip rule).`,
  'policy-rule-forbids': ({ node, rule, destination, verdict }) =>
    `${node}: policy rule ${rule.priority} is "${ruleWords(rule)}", and makes ${destination} ${verdict} (ip rule).`,
  sysctl: ({ node, name, value }) => `${node}: ${name} is ${value} (sysctl).`,
};

function routeGet(destination: string): string {
  return `ip ${familyOf(destination) === 6 ? '-6 ' : ''}route get ${destination}`;
}

function tunnelText({ how }: Tunnel): string {
  switch (how.kind) {
    case 'policy-rule':
      return `policy rule ${how.priority} and table ${how.table}`;
    case 'half-route':
      return `a route to ${how.destination}`;
    case 'default-route':
      return `the default route of a ${how.link} link`;
  }
}

function ruleWords({ from, to, action, table }: Rule): string {
  const selected = [`from ${from ?? 'all'}`, ...(to === undefined ? [] : [`to ${to}`])].join(' ');
  return `${selected} ${action ?? `lookup ${table}`}`;
}
