import { expect } from 'chai';
import { parsePlatform } from '../../../src/probes/facts/platform.js';

/** As the reading prints it. */
function firmware(fields: Readonly<Record<string, string>>, radio: readonly string[] = []): string {
  const names = ['sys_vendor', 'product_name', 'chassis_asset_tag', 'bios_vendor', 'bios_version'];
  return [...names.map((name) => `${name}=${fields[name] ?? ''}`), ...radio.map((link) => `radio=${link}`)].join('\n');
}

describe('the platform', () => {
  const known = {
    aws: { sys_vendor: 'Amazon EC2', product_name: 't3.micro', bios_vendor: 'Amazon EC2', bios_version: '1.0' },
    azure: {
      sys_vendor: 'Microsoft Corporation',
      product_name: 'Virtual Machine',
      chassis_asset_tag: '7783-7084-3265-9085-8269-3286-77',
    },
    google: { sys_vendor: 'Google', product_name: 'Google Compute Engine', bios_vendor: 'Google' },
    oracle: {
      sys_vendor: 'QEMU',
      product_name: 'Standard PC (i440FX + PIIX, 1996)',
      chassis_asset_tag: 'OracleCloud.com',
    },
    digitalocean: { sys_vendor: 'DigitalOcean', product_name: 'Droplet' },
    hetzner: { sys_vendor: 'Hetzner', product_name: 'vServer' },
    openstack: { sys_vendor: 'Red Hat', product_name: 'OpenStack Compute' },
    vmware: { sys_vendor: 'VMware, Inc.', product_name: 'VMware Virtual Platform' },
    virtualbox: { sys_vendor: 'innotek GmbH', product_name: 'VirtualBox', bios_vendor: 'innotek GmbH' },
    'hyper-v': { sys_vendor: 'Microsoft Corporation', product_name: 'Virtual Machine' },
    qemu: { sys_vendor: 'QEMU', product_name: 'Standard PC (i440FX + PIIX, 1996)', bios_vendor: 'SeaBIOS' },
    physical: { sys_vendor: 'Dell Inc.', product_name: 'PowerEdge R740', bios_vendor: 'Dell Inc.' },
  };
  for (const [id, fields] of Object.entries(known))
    it(`is ${id} where the firmware says ${Object.values(fields).slice(0, 2).join(' ')}`, () => {
      expect(parsePlatform(firmware(fields)).id).to.equal(id);
    });

  it('is EC2 on older instances, whose firmware says Xen', () => {
    const xen = { sys_vendor: 'Xen', product_name: 'HVM domU', bios_vendor: 'Xen', bios_version: '4.11.amazon' };
    expect(parsePlatform(firmware(xen))).to.include({ id: 'aws', kind: 'cloud', product: 'Amazon EC2' });
    expect(parsePlatform(firmware({ ...xen, bios_version: '4.14' })).id).to.equal('xen');
  });

  it('is no virtual machine where Microsoft made the machine itself', () => {
    const surface = { sys_vendor: 'Microsoft Corporation', product_name: 'Surface Pro 7' };
    expect(parsePlatform(firmware(surface))).to.include({
      kind: 'physical',
      product: 'Microsoft Corporation Surface Pro 7',
    });
  });

  it('knows the links the kernel has a radio for', () => {
    expect(parsePlatform(firmware(known.physical, ['wlan0', 'wlp2s0'])).wireless).to.deep.equal(['wlan0', 'wlp2s0']);
  });

  it('is not known where the firmware says nothing', () => {
    expect(() => parsePlatform(firmware({}))).to.throw(/does not say what machine/);
  });
});
