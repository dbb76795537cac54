import { expect } from 'chai';
import { machineRequirement } from '../../src/engine/machine.js';
import { versionRequirements } from '../../src/engine/preflight.js';
import { versionNotes } from '../../src/engine/version-notes.js';

const says = (version: string) =>
  versionNotes(version)
    .map((note) => note.says)
    .join('; ');

describe('a note on the version of an engine', () => {
  const rows: readonly (readonly [string, string, readonly RegExp[], readonly RegExp[]])[] = [
    ['an old one', '18.09.1', [/experimental/, /not restored/, /l3s/], [/guessed/]],
    ['the first with IPvlan outside experimental mode', '19.03.15', [/not restored/], [/experimental/]],
    ['the last without l3s', '20.10.24', [/l3s/], [/not restored/]],
    ['the first with l3s', '23.0.0', [/bridge at the same time/], [/l3s/]],
    ['the one whose DNS does not forward', '26.0.0', [/does not forward/], []],
    ['the one after it', '26.0.1', [], [/does not forward/]],
    ['Debian’s', '26.1.5+dfsg1', [/IPv6 switched off/, /bridge at the same time/], [/share a parent/]],
    ['one where macvlan may share', '27.0.1', [/share a parent/], [/does not start/]],
    ['one that needs its parent up', '28.0.1', [/does not start/, /asked from the host/], [/bridge at the same time/]],
    ['the one after it, too', '28.0.2', [], [/does not start/]],
    ['one that guesses no gateway', '29.0.0', [/no gateway is guessed/], [/shortest form/]],
    ['one that is picky about IPv6', '29.0.4', [/shortest form/], []],
    ['a release candidate', 'v29.1.0-rc.1', [/no gateway is guessed/], []],
  ];
  for (const [what, version, present, absent] of rows)
    it(`is given for ${what}: ${version}`, () => {
      for (const words of present) expect(says(version)).to.match(words);
      for (const words of absent) expect(says(version)).not.to.match(words);
    });

  it('is not given for a text that is no version', () => expect(versionNotes('unknown')).to.deep.equal([]));

  const facts = {
    product: 'Docker Engine',
    version: '26.0.0',
    apiVersion: '1',
    kernel: '6',
    operatingSystem: 'x',
    disposable: false,
  };

  it('is a limit where something does not work, and says what to do', () => {
    const [requirement] = versionRequirements(facts);
    expect(requirement).to.include({ name: 'version', state: 'limited' });
    expect(requirement?.remedy).to.include('26.0.1');
    expect(versionRequirements({ ...facts, version: '29.1.0' })[0]).to.include({ state: 'met', remedy: undefined });
  });

  it('is not applied to Podman, whose versions are its own', () => {
    expect(versionRequirements({ ...facts, product: 'Podman' })).to.deep.equal([]);
  });
});

describe('the machine', () => {
  const dmi = (fields: Readonly<Record<string, string>>) =>
    Object.entries(fields)
      .map(([name, value]) => `dmi ${name}=${value}`)
      .join('\n');
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['EC2', { sys_vendor: 'Amazon EC2', product_name: 'm5.large' }, /^Amazon EC2 \(Amazon EC2 m5\.large\)/],
    ['old EC2 on Xen', { sys_vendor: 'Xen', bios_version: '4.11.amazon' }, /^Amazon EC2/],
    [
      'Azure',
      { sys_vendor: 'Microsoft Corporation', chassis_asset_tag: '7783-7084-3265-9085-8269-3286-77' },
      /^Microsoft Azure/,
    ],
    ['Google', { sys_vendor: 'Google', product_name: 'Google Compute Engine' }, /^Google Compute Engine/],
    ['Hetzner', { sys_vendor: 'Hetzner', product_name: 'vServer' }, /^a cloud \(Hetzner vServer\)/],
  ];
  for (const [what, fields, words] of rows)
    it(`is recognised as a cloud by its firmware: ${what}`, () => {
      expect(machineRequirement(dmi(fields)).state).to.equal('limited');
      expect(machineRequirement(dmi(fields)).detail).to.match(words);
    });

  it('is no cloud where Hyper-V runs at home, nor where nothing is said', () => {
    const home = { sys_vendor: 'Microsoft Corporation', product_name: 'Virtual Machine', chassis_asset_tag: '1234' };
    expect(machineRequirement(dmi(home))).to.include({ state: 'met', detail: 'Microsoft Corporation Virtual Machine' });
    expect(machineRequirement('0 ok\n1 ok')).to.include({ state: 'met' });
  });
});
