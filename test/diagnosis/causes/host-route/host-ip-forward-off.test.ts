import { expect } from 'chai';
import { hostIpForwardOff } from '../../../../src/diagnosis/causes/host-route/host-ip-forward-off.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { change, describeCause, lost, recorded } from '../../situation.js';

const off = recorded('l3-forwarding-off');
/** All that a bridge network sends through the host, or receives through it. */
const FORWARDED = ['webapp', 'database'].flatMap((name) => [
  ...['g', 'i', 'l', '1'].map((to) => `${name}>${to}*`),
  ...['gateway', 'laptop'].map((from) => `${from}>${name}*`),
]);
const bridged = change(lost(off, 'timeout', ...FORWARDED), ({ networks }) => ({
  networks: networks.map((network) => ({ ...network, driver: 'bridge' as const, mode: undefined })),
}));

describeCause(hostIpForwardOff, {
  recognises: {
    'a bridge network on a host that does not forward': bridged,
  },
  leavesAlone: {
    'IPvlan L3 on a host that does not forward': off,
    'the same while something else fails': lost(off, 'timeout', 'webapp>google*'),
    'a bridge network on a host that forwards': change(bridged, ({ sysctls }) => ({
      sysctls: { ...sysctls, host: { ...sysctls['host'], 'net.ipv4.ip_forward': '1' } },
    })),
  },
});

it('rules it out by name with IPvlan', () => {
  const { ruledOut } = diagnose(off, [hostIpForwardOff]);
  expect(ruledOut.map(({ ruling }) => ruling.oftenBlamed)).to.deep.equal([true]);
  expect(ruledOut[0]?.ruling.because).to.include('ipvlan_net (ipvlan l3)');
});
