import { placeholder, sh } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';

/** Containers that are meant to use the host's tunnel cannot be on an IPvlan L3 network. */
export function bridgeInstead(): Remedy {
  return advice(
    'If the containers are meant to use the tunnel: L3 is pinned to its parent, so give them a bridge network instead',
    'docker',
    [
      sh`docker network create ${placeholder('NAME')} && docker network connect ${placeholder('NAME')} ${placeholder('CONTAINER')}`,
    ],
  );
}
