import type { PlatformFact } from '../../evidence/facts.js';
import { PLATFORMS, type PlatformId } from '../../scenario/platforms.js';
import { defineFactProbe, type Reading } from './fact-probe.js';

/** What the firmware says of the machine. Serial numbers are not read. */
const NAMES = ['sys_vendor', 'product_name', 'chassis_asset_tag', 'bios_vendor', 'bios_version'] as const;

/** Only the shell runs: no program is started, and nothing is sent to the network. */
const DMI: Reading = {
  name: 'dmi',
  command: [
    `for f in ${NAMES.join(' ')}; do v=; read -r v </sys/class/dmi/id/$f; echo "$f=$v"; done`,
    'for d in /sys/class/net/*/phy80211; do [ ! -e "$d" ] || { d=${d%/*}; echo "radio=${d##*/}"; }; done',
  ].join('; '),
  when: 'during',
};

export const platform = defineFactProbe({
  id: 'platform',
  title: 'What machine the Docker host is, by its firmware, and which of its links are radio',
  establishes: 'platform',
  wanted: ({ kind }) => kind === 'host',
  readings: [DMI],
  parse: (printed) => parsePlatform(printed.by(DMI)),
});

type Firmware = Readonly<Record<(typeof NAMES)[number], string>>;

/** In this order: clouds use hypervisors, and the firmware names the cloud too. */
const SIGNS: readonly (readonly [PlatformId, (firmware: Firmware) => boolean])[] = [
  ['aws', ({ sys_vendor, bios_version }) => /^Amazon EC2/.test(sys_vendor) || /amazon/i.test(bios_version)],
  // Azure is Hyper-V; only this tag, the same on every instance, tells them apart.
  ['azure', ({ chassis_asset_tag }) => chassis_asset_tag === '7783-7084-3265-9085-8269-3286-77'],
  ['google', ({ sys_vendor, product_name }) => sys_vendor === 'Google' || /^Google Compute Engine/.test(product_name)],
  ['oracle', ({ chassis_asset_tag }) => /^OracleCloud/.test(chassis_asset_tag)],
  ['alibaba', ({ sys_vendor }) => /^Alibaba Cloud/.test(sys_vendor)],
  ['digitalocean', ({ sys_vendor }) => /^DigitalOcean/.test(sys_vendor)],
  ['hetzner', ({ sys_vendor }) => /^Hetzner/.test(sys_vendor)],
  ['linode', ({ sys_vendor }) => /^(Akamai|Linode)/.test(sys_vendor)],
  ['vultr', ({ sys_vendor }) => /^Vultr/.test(sys_vendor)],
  ['scaleway', ({ sys_vendor }) => /^Scaleway/.test(sys_vendor)],
  ['openstack', ({ sys_vendor, product_name }) => /^OpenStack/.test(product_name) || /^OpenStack/.test(sys_vendor)],
  ['vmware', ({ sys_vendor }) => /^VMware/.test(sys_vendor)],
  ['virtualbox', ({ product_name, bios_vendor }) => /^VirtualBox/.test(product_name) || /^innotek/.test(bios_vendor)],
  [
    'hyper-v',
    ({ sys_vendor, product_name }) => sys_vendor === 'Microsoft Corporation' && /^Virtual Machine/.test(product_name),
  ],
  ['parallels', ({ sys_vendor }) => /^Parallels/.test(sys_vendor)],
  ['qemu', ({ sys_vendor, product_name }) => sys_vendor === 'QEMU' || /^KVM/.test(product_name)],
  ['xen', ({ sys_vendor }) => sys_vendor === 'Xen'],
];

/**
 * `NAME=VALUE` of each of the firmware's fields, and a line `radio=LINK` for each Wi-Fi link.
 *
 * @throws when the firmware names no machine, as on most ARM boards
 */
export function parsePlatform(text: string): PlatformFact {
  const lines = text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line));
  const field = (name: string) => lines.find((line) => line?.[1] === name)?.[2]?.trim() ?? '';
  const firmware = Object.fromEntries(NAMES.map((name) => [name, field(name)])) as Firmware;
  const { sys_vendor, product_name } = firmware;
  if (sys_vendor === '' && product_name === '')
    throw new Error('its firmware does not say what machine it is (no DMI)');
  const id = SIGNS.find(([, test]) => test(firmware))?.[0] ?? 'physical';
  return {
    id,
    kind: PLATFORMS[id].kind,
    product: id === 'physical' ? `${sys_vendor} ${product_name}`.trim() : PLATFORMS[id].product,
    wireless: lines.flatMap((line) => (line?.[1] === 'radio' ? [line[2] ?? ''] : [])),
    origin: 'firmware',
  };
}
