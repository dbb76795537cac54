import type { Requirement } from './requirement.js';

/** Prints what the firmware says about the machine. Only the shell runs, and nothing is sent to any network. */
export const READ_MACHINE = `for f in sys_vendor product_name chassis_asset_tag bios_version; do
  v=; read -r v </sys/class/dmi/id/$f; echo "dmi $f=$v"
done 2>/dev/null`;

/** Clouds by what their firmware says; Azure is Hyper-V with a tag that is the same on every instance. */
const CLOUDS: readonly (readonly [string, RegExp, string])[] = [
  [
    'Amazon EC2',
    /^(?:sys_vendor=Amazon|bios_version=.*amazon)/im,
    'switch off the source/destination check of its interface',
  ],
  ['Microsoft Azure', /^chassis_asset_tag=7783-7084-3265-9085-8269-3286-77/m, 'enable IP forwarding on its interface'],
  ['Google Compute Engine', /^(?:sys_vendor=Google|product_name=Google Compute)/m, 'create it with canIpForward'],
  ['OpenStack', /^(?:sys_vendor|product_name)=OpenStack/m, 'add the subnet to its port as an allowed address pair'],
  [
    'a cloud',
    /^(?:sys_vendor=(?:DigitalOcean|Hetzner|Vultr|Scaleway|Alibaba|Linode|Akamai)|chassis_asset_tag=OracleCloud)/m,
    'let its interface send from other addresses',
  ],
];

/** The machine that the host is: a cloud delivers only to addresses that it assigned. */
export function machineRequirement(stdout: string): Requirement {
  const dmi = [...stdout.matchAll(/^dmi (\w+=.*)$/gm)].map(([, field]) => field ?? '').join('\n');
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(dmi)?.[1]?.trim() ?? '';
  const called = `${field('sys_vendor')} ${field('product_name')}`.trim();
  const cloud = CLOUDS.find(([, sign]) => sign.test(dmi));
  if (!cloud) {
    return {
      name: 'machine',
      state: 'met',
      detail: called || 'its firmware does not say what it is',
      remedy: undefined,
    };
  }
  const [name, , how] = cloud;
  return {
    name: 'machine',
    state: 'limited',
    detail: `${name}${called ? ` (${called})` : ''}: it delivers only addresses it gave out, and filters by source address`,
    remedy: `For L3 subnets ${how}, and add a route to its route table; for L2 assign the containers' addresses to it.`,
  };
}
