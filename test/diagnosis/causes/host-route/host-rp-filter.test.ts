import { expect } from 'chai';
import { hostRpFilter } from '../../../../src/diagnosis/causes/host-route/host-rp-filter.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { change, describeCause, recorded } from '../../situation.js';

const strict = change(recorded('article-first-attempt'), ({ sysctls }) => ({
  sysctls: { ...sysctls, host: { ...sysctls['host'], 'net.ipv4.conf.all.rp_filter': '1' } },
}));
const runs = ['l3-strict-rp-filter'].map((id) => recorded(id));

describeCause(hostRpFilter, {
  recognises: {},
  leavesAlone: {
    'a strict filter, which never checks these packets': strict,
  },
});

it('rules it out by name where it was strict and everything worked', () => {
  for (const run of runs)
    expect(diagnose(run, [hostRpFilter]).ruledOut.map(({ ruling }) => ruling.oftenBlamed)).to.deep.equal([true]);
});

it('rules out a strict filter by name, and says nothing about a loose one', () => {
  expect(diagnose(strict, [hostRpFilter]).ruledOut.map(({ ruling }) => ruling.oftenBlamed)).to.deep.equal([true]);
  const loose = change(strict, ({ sysctls }) => ({
    sysctls: {
      ...sysctls,
      host: { 'net.ipv4.conf.all.rp_filter': '1', 'net.ipv4.conf.enp0s3.rp_filter': '2' },
    },
  }));
  expect(diagnose(loose, [hostRpFilter]).ruledOut).to.deep.equal([]);
});
