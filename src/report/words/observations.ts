import type { Observation } from '../../diagnosis/observation.js';
import { ADDRESS } from './observations/address.js';
import { CONTAINER } from './observations/container.js';
import { FIREWALL } from './observations/firewall.js';
import { GATEWAY } from './observations/gateway.js';
import { HOST } from './observations/host.js';
import { LINK } from './observations/link.js';
import type { TextsOf } from './observations/texts.js';
import { TRAFFIC } from './observations/traffic.js';

const TEXTS: TextsOf<Observation> = {
  ...TRAFFIC,
  ...LINK,
  ...ADDRESS,
  ...CONTAINER,
  ...HOST,
  ...FIREWALL,
  ...GATEWAY,
};

/** One sentence for what was seen, which begins with the place it was seen at. */
export function observationText(observation: Observation): string {
  return (TEXTS[observation.kind] as (one: Observation) => string)(observation);
}
