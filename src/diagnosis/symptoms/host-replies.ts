import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';

/** Failing flows between a container and its host whose packets the host sends through a device: where its routes are wrong, these go wrong too. */
export function repliesThrough(
  { network, flows }: Pick<Observed, 'network' | 'flows'>,
  device: string,
): readonly Flow[] {
  const { routing, names } = network;
  return failing(flows).filter(
    ({ peer, containerAddress }) =>
      peer === 'host' && routing.deviceFor(names.hostName, { destination: containerAddress ?? '' }) === device,
  );
}
