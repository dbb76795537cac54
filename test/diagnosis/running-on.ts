import { PLATFORMS, type PlatformId } from '../../src/scenario/platforms.js';
import { change, type Situation } from './situation.js';

/** As if the host ran on this platform; without an id the platform is not observed. */
export function runningOn(situation: Situation, id?: PlatformId, wireless: readonly string[] = []): Situation {
  return change(situation, () => ({
    platform: id === undefined ? {} : { host: { id, ...PLATFORMS[id], wireless, origin: 'firmware' } },
  }));
}
