import type { AddressObservation } from '../../../diagnosis/observations/address.js';
import type { TextsOf } from './texts.js';

export const ADDRESS: TextsOf<AddressObservation> = {
  'address-held': ({ at: { node, device }, address }) => `${node}: ${device} has ${address} (ip address).`,
};
