import type { Engine } from '../engine/engine.js';

/** Drivers whose networks hold every container that has a network of its own. */
const DRIVERS = ['bridge', 'host', 'null', 'ipvlan', 'macvlan', 'overlay'];

/** Whether an engine has no containers but those of a run, and no networks that another run of ours left. */
export async function isUsedOnlyBy(run: string, engine: Engine): Promise<boolean> {
  const networks = await engine.listNetworks(DRIVERS);
  const containers = (await Promise.all(networks.map((id) => engine.listContainers(id)))).flat();
  const ours = await engine.listOurs();
  return ours.every((one) => one.run === run) && containers.every((id) => ours.some((one) => one.id === id));
}
