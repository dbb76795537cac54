import { expect } from 'chai';
import type { EngineFact } from '../../../src/evidence/facts.js';
import type { Plan } from '../../../src/scenario/plan.js';
import { whyNot } from '../../../src/workflows/run/can-run.js';

const plan = (network: object, needsDisposableHost = false) =>
  ({ networks: [{ name: 'net', mode: 'l3', flag: undefined, ...network }], needsDisposableHost }) as unknown as Plan;
const docker = (version: string, product = 'Docker Engine') => ({ version, product }) as EngineFact;
const use = (version: string) => ({ engine: docker(version), mayChangeHost: true });

describe('whether a scenario can be run on an engine', () => {
  it('a scenario that changes the host is not run on a host that is not ours', () => {
    expect(whyNot(plan({}, true), { engine: docker('26.1.5'), mayChangeHost: false })).to.include(
      '--allow-host-changes',
    );
    expect(whyNot(plan({}, true), use('26.1.5'))).to.equal(undefined);
  });

  it('an older engine does not run L3S and flags, and the reason names the version they came with', () => {
    expect(whyNot(plan({ mode: 'l3s' }), use('20.10.24'))).to.match(/20\.10\.24 rejects the mode l3s of net.*23\.0/);
    expect(whyNot(plan({ flag: 'private' }), use('20.10.24'))).to.include('ipvlan_flag');
    expect(whyNot(plan({ mode: 'l3s' }), use('23.0.0'))).to.equal(undefined);
  });

  it('Podman does not run a scenario with a flag, and the reason names the flag', () => {
    const podman = { engine: docker('5.4.2', 'Podman'), mayChangeHost: true };
    expect(whyNot(plan({ flag: 'private' }), podman)).to.match(/^Podman has no ipvlan_flag, which net asks for/);
    expect(whyNot(plan({ mode: 'l3' }), podman)).to.equal(undefined);
  });

  it('an engine of another make is tried', () => {
    expect(whyNot(plan({ mode: 'l3s' }), { engine: docker('4.9.3', 'Podman'), mayChangeHost: true })).to.equal(
      undefined,
    );
  });
});
