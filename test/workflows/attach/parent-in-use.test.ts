import { expect } from 'chai';
import type { Engine } from '../../../src/engine/engine.js';
import type { DoctorError } from '../../../src/errors.js';
import type { NetworkFact } from '../../../src/evidence/facts.js';
import type { ChildLink } from '../../../src/probes/facts/child-links.js';
import { wantedNetwork } from '../../../src/scenario/wanted-network.js';
import { conflictingUses, refuseParentInUse, usesOf } from '../../../src/workflows/attach/parent-in-use.js';

type Mode = 'l2' | 'l3' | 'l3s';

function wanted(mode: Mode, flag?: 'private' | 'vepa') {
  const subnets = [{ subnet: '192.168.10.0/24' }];
  return wantedNetwork({ name: 'trial', driver: 'ipvlan', parent: 'eth0', mode, subnets, ...(flag ? { flag } : {}) });
}

const MACVLAN = wantedNetwork({
  name: 'trial',
  driver: 'macvlan',
  parent: 'eth0',
  subnets: [{ subnet: '10.1.0.0/24' }],
});

function network(driver: 'ipvlan' | 'macvlan', mode?: string, parent = 'eth0'): NetworkFact {
  return {
    ...{ name: `${driver}-${mode}`, id: `${driver}${mode}${parent}`, driver, mode, flag: undefined, parent },
    ...{ internal: false, subnets: [], options: {} },
  };
}

function link(kind: ChildLink['kind'], mode: string, more: Partial<ChildLink> = {}): ChildLink {
  return { name: 'eth0', kind, mode, flag: kind === 'ipvlan' ? 'bridge' : undefined, program: 'nginx', ...more };
}

/** An engine that only has networks: what it is asked beyond them fails the test. */
function engineWith(networks: readonly NetworkFact[]): Engine {
  return {
    listNetworks: () => Promise.resolve(networks.map(({ id }) => id)),
    inspectNetwork: (id: string) => Promise.resolve(networks.find((one) => one.id === id)),
  } as unknown as Engine;
}

async function refusal(plan: ReturnType<typeof wanted>, networks: readonly NetworkFact[], links: readonly ChildLink[]) {
  const refused = await refuseParentInUse(plan, engineWith(networks), () => Promise.resolve(links)).catch(
    (error: unknown) => error,
  );
  return refused as DoctorError | undefined;
}

describe('a parent that is in use', () => {
  for (const mode of ['l3', 'l3s'] as const)
    it(`a parent of an l2 network of Docker is not touched for one in ${mode}`, async () => {
      const error = await refusal(wanted(mode), [network('ipvlan')], []);
      expect(error?.code).to.equal('HOST_CONFLICT');
      expect(error?.exitCode).to.equal(3);
      expect(error?.message)
        .to.include('eth0')
        .and.to.include('ipvlan-undefined')
        .and.to.include('Nothing was created');
    });

  it('a parent is not touched where a program has an IPvlan link of another mode on it, although Docker has no network', async () => {
    const error = await refusal(wanted('l2'), [], [link('ipvlan', 'l3')]);
    expect(error?.code).to.equal('HOST_CONFLICT');
    expect(error?.message).to.include('nginx').and.to.include('l3');
  });

  it('a parent of a macvlan network or link is not touched', async () => {
    expect((await refusal(wanted('l2'), [network('macvlan', 'bridge')], []))?.code).to.equal('HOST_CONFLICT');
    expect((await refusal(wanted('l2'), [], [link('macvlan', 'bridge')]))?.code).to.equal('HOST_CONFLICT');
  });

  it('a parent is tried where all use it alike, and where only other parents are in use', async () => {
    expect(await refusal(wanted('l2'), [network('ipvlan', 'l2')], [link('ipvlan', 'l2')])).to.equal(undefined);
    expect(await refusal(MACVLAN, [network('macvlan', 'bridge')], [link('macvlan', 'private')])).to.equal(undefined);
    expect(await refusal(wanted('l3'), [network('ipvlan', 'l2', 'eth1')], [])).to.equal(undefined);
  });

  it('a parent with another flag is in conflict too, because the whole port has one flag', () => {
    const uses = usesOf([], [link('ipvlan', 'l2', { flag: 'private' })]);
    expect(conflictingUses(wanted('l2'), uses)).to.have.length(1);
    expect(conflictingUses(wanted('l2', 'private'), uses)).to.deep.equal([]);
  });
});
