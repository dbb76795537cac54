import { optionIgnoredByDriver } from '../../../../src/diagnosis/causes/link/option-ignored-by-driver.js';
import { recreated } from '../../readdress.js';
import { change, describeCause, lost, recorded } from '../../situation.js';

const ignored = recorded('l3-option-ignored-by-driver');
const healthy = recorded('article-second-attempt');
const optioned = (options: Readonly<Record<string, string>>) =>
  recreated(healthy, { options: { parent: 'enp0s3', ...options } });

describeCause(optionIgnoredByDriver, {
  recognises: {
    'an MTU that was given to the network': ignored,
    'a mode that is misspelled': optioned({ mode: 'l3' }),
    'an option of the bridge driver': optioned({ 'com.docker.network.bridge.name': 'br9' }),
  },
  leavesAlone: {
    'the options that the driver reads': optioned({ ipvlan_mode: 'l3', ipvlan_flag: 'bridge' }),
    'a network whose containers reach nothing: that has a reason of its own': lost(ignored, 'timeout', '*'),
    'Podman, whose driver reads other options': change(ignored, ({ engine }) => ({
      engine: { ...engine, product: 'Podman Engine' },
    })),
  },
});
