import { deciderText, chainText as chainText } from '../../../diagnosis/filter-names.js';
import type { BlockingRule, FirewallObservation } from '../../../diagnosis/observations/firewall.js';
import { placeText } from './place.js';
import type { TextsOf } from './texts.js';

export const FIREWALL: TextsOf<FirewallObservation> = {
  'blocking-rule': ({ node, ...rule }) => `${node}: ${nameOf(rule)} ${proofText(rule)}.`,
  'nat-rule': ({ node, by, packets }) =>
    `${node}: ${deciderText(by)} translates them${packets ? `, ${packets} times while the probes ran` : ''}.`,
  'redirecting-rule': ({ node, by, destination, to, packets }) =>
    `${node}: ${deciderText(by)} redirects what is sent to ${destination}${to === undefined ? '' : ` to ${to}`}${packets ? `, ${packets} times while the probes ran` : ''}.`,
  'not-masqueraded': ({ node, source, device }) =>
    `${node}: no rule masquerades what it forwards from ${source} through ${device}.`,
  'source-translated': ({ at, sender, own, source }) =>
    `${placeText(at)}: requests of ${sender} left with the source ${source} instead of ${own}.`,
  'dropped-before-parent': ({ container, node, parent, of }) => `${node}: ${DROPPED[of](container, parent)}.`,
  'own-packets-dropped': ({ node, destination }) => `${node}: its own packets to ${destination} are dropped too.`,
  'no-reply-leaves': ({ at, address, begins }) =>
    `${placeText(at)}: requests for ${address} arrive, and no reply leaves${begins ? '; connections that it begins get through' : ''}.`,
  'half-open': ({ at, container, to }) =>
    `${placeText(at)}: the connection of ${container} to ${to} was answered, and nothing followed.`,
  'not-delivered': ({ at, container, part, peer }) =>
    part === 'reply'
      ? `${placeText(at)}: the reply of ${peer} arrived, and ${container} did not receive it.`
      : `${placeText(at)}: the request of ${peer} arrived, and ${container} did not reply.`,
};

const DROPPED = {
  everything: (container: string, parent: string) => `packets of ${container} were dropped and never left ${parent}`,
  'new-connections': (container: string, parent: string) =>
    `new connections of ${container} were dropped and never left ${parent}, while its replies to others leave`,
  internet: (container: string, parent: string) =>
    `packets of ${container} to the internet were dropped, while those to the LAN leave through ${parent}`,
} as const;

/** Only its tool's other chains tell whose policy it is. */
function nameOf({ by, tool }: BlockingRule): string {
  return by.kind === 'policy' && tool !== undefined
    ? `${tool}'s policy drop of ${chainText(by.place)}`
    : deciderText(by);
}

function proofText({ packets, proof }: BlockingRule): string {
  if (proof === 'predicted') return 'would drop packets that are lost before they get there';
  const traced = proof === 'traced';
  if (packets === undefined) return traced ? 'dropped them (traced)' : 'matches, and has no counter to confirm it';
  return `dropped ${packets} packets while the probes ran${traced ? ' (traced)' : ''}`;
}
