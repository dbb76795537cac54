import { expect } from 'chai';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { PlatformId } from '../../../src/scenario/platforms.js';
import { change, recorded } from '../situation.js';

const RUN = 'l3-cloud-security-group';

/** The commands of the cause's remedies, as they are printed for one provider. */
function commandsOn(id: PlatformId) {
  const situation = change(recorded(RUN), ({ platform }) => ({
    platform: { host: { ...platform['host']!, id } },
  }));
  const { found, flows } = diagnose(situation);
  const cause = found.find((one) => one.cause.id === 'security-group-or-nacl');
  const needed = flows.filter(
    ({ id: flow, probe }) => cause?.ruling.explains.includes(flow) && probe.purpose === 'check',
  );
  return { commands: cause?.remedies.flatMap((remedy) => remedy.commands) ?? [], needed };
}

describe('rules for the filters in front of network cards', () => {
  for (const id of ['aws', 'azure', 'google', 'openstack'] as const) {
    it(`let in on ${id} what the failed checks send: one protocol, one port or echo requests, one source`, () => {
      const { commands, needed } = commandsOn(id);
      expect(needed).to.not.be.empty;
      expect(commands).to.not.be.empty;
      for (const { run } of commands) {
        expect(run).to.not.match(/--protocol(?: -1| any| '\*')|--allow=all|0\.0\.0\.0\/0/);
        expect(run).to.match(/tcp|udp|icmp|Icmp|--protocol 1 /);
      }
      for (const { from } of needed)
        expect(
          commands.some(({ run }) => run.includes(`${from.address}/32`)),
          from.address,
        ).to.equal(true);
    });
  }

  it('let replies of what an ACL lets in out by a rule of their own, with one number for each pair', () => {
    const lines = commandsOn('aws').commands.filter(({ run }) => run.includes('create-network-acl-entry'));
    const pair = (word: string) =>
      lines.filter(({ run }) => run.includes(word)).map(({ run }) => /--rule-number (\d+)/.exec(run)?.[1]);
    expect(pair('--ingress')).to.not.be.empty;
    expect(pair('--ingress')).to.deep.equal(pair('--egress'));
    expect(new Set(pair('--ingress')).size).to.equal(pair('--ingress').length);
  });

  it('carry a name of their own on Azure and Google Cloud', () => {
    for (const [id, name] of [
      ['azure', / -n (\S+)/],
      ['google', /firewall-rules create (\S+)/],
    ] as const) {
      const names = commandsOn(id).commands.flatMap(({ run }) => name.exec(run)?.[1] ?? []);
      expect(names).to.not.be.empty;
      expect(new Set(names).size).to.equal(names.length);
    }
  });
});
