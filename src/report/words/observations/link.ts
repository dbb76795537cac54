import type { LinkObservation } from '../../../diagnosis/observations/link.js';
import type { TextsOf } from './texts.js';

const STATES = {
  up: 'is up',
  down: 'is administratively down',
  'no-carrier': 'is up and has no carrier',
} as const;

export const LINK: TextsOf<LinkObservation> = {
  'link-state': ({ at: { node, device }, state }) => `${node}: ${device} ${STATES[state]} (ip link).`,
};
