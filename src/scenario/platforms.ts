/** The kind of machine that a Docker host is. It decides which filters there are outside of the host. */
export type PlatformKind = 'physical' | 'hypervisor' | 'cloud';

/**
 * What a Docker host can run on. In a cloud the gateway is the provider's own router, and what a guest may send is decided by
 * the address, not by the cable.
 */
export const PLATFORMS = {
  physical: { kind: 'physical', product: 'a physical machine' },
  aws: { kind: 'cloud', product: 'Amazon EC2' },
  azure: { kind: 'cloud', product: 'Microsoft Azure' },
  google: { kind: 'cloud', product: 'Google Compute Engine' },
  oracle: { kind: 'cloud', product: 'Oracle Cloud' },
  alibaba: { kind: 'cloud', product: 'Alibaba Cloud' },
  digitalocean: { kind: 'cloud', product: 'DigitalOcean' },
  hetzner: { kind: 'cloud', product: 'Hetzner Cloud' },
  linode: { kind: 'cloud', product: 'Akamai Linode' },
  vultr: { kind: 'cloud', product: 'Vultr' },
  scaleway: { kind: 'cloud', product: 'Scaleway' },
  openstack: { kind: 'cloud', product: 'OpenStack' },
  vmware: { kind: 'hypervisor', product: 'VMware' },
  virtualbox: { kind: 'hypervisor', product: 'VirtualBox' },
  'hyper-v': { kind: 'hypervisor', product: 'Hyper-V' },
  qemu: { kind: 'hypervisor', product: 'QEMU (KVM, Proxmox VE, libvirt)' },
  xen: { kind: 'hypervisor', product: 'Xen' },
  parallels: { kind: 'hypervisor', product: 'Parallels' },
} as const satisfies Readonly<Record<string, { readonly kind: PlatformKind; readonly product: string }>>;

export type PlatformId = keyof typeof PLATFORMS;

export const PLATFORM_IDS = Object.keys(PLATFORMS) as [PlatformId, ...PlatformId[]];
