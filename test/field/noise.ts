import type { FaultFile, NetworkFile } from '../../src/scenario/schema/schema.js';
import type { Addresses } from './addresses.js';
import type { Random } from './random.js';
import { isRouted, type Setting } from './setting.js';

/** What a healthy host or router has too, and breaks nothing. */
interface Noise {
  readonly name: string;
  fits(setting: Setting): boolean;
  commands(setting: Setting, random: Random): readonly FaultFile[];
}

const always = () => true;
/** In L3S what is for containers traverses INPUT, so that a firewall with its defaults is a fault. */
const notL3s = ({ mode }: Setting) => mode !== 'l3s';
const deviceOf = ({ site }: Setting) => site.host?.interface ?? '';
const routerOf = ({ site }: Setting) => [site.gateway?.address ?? []].flat()[0] ?? '';

function onHost(run: string, undo: string): FaultFile {
  return { on: 'host', run, undo };
}

const NOISE: readonly Noise[] = [
  { name: 'ufw', fits: notL3s, commands: () => ['host-ufw'] },
  { name: 'firewalld', fits: notL3s, commands: () => ['host-firewalld'] },
  { name: 'FORWARD drops', fits: always, commands: () => ['host-forward-policy-drop'] },
  { name: 'strict rp_filter', fits: always, commands: () => ['host-rp-filter'] },
  {
    name: 'second NIC',
    fits: always,
    commands: (_, random) => [
      onHost(
        `ip link add nic2 type dummy && ip addr add 172.17.${random.int(200, 250)}.2/29 dev nic2 && ip link set nic2 up`,
        'ip link del nic2',
      ),
    ],
  },
  {
    name: 'idle VPN',
    fits: always,
    commands: (_, random) => {
      const link = random.pick(['tun0', 'wg1', 'tailscale0']);
      const address = `ip addr add 10.8.0.${random.int(2, 250)}/24 dev ${link} && ip link set ${link} up`;
      return [
        onHost(
          `ip link add ${link} type dummy && ${address} && ip route add 10.99.${random.int(0, 200)}.0/24 dev ${link}`,
          `ip link del ${link}`,
        ),
      ];
    },
  },
  {
    name: 'extra routes',
    fits: always,
    commands: (setting, random) => {
      const route = `10.99.${random.int(201, 250)}.0/24 via ${routerOf(setting)} dev ${deviceOf(setting)}`;
      return [onHost(`ip route add ${route} metric 50`, `ip route del ${route} metric 50`)];
    },
  },
  {
    name: 'extra rules',
    fits: always,
    commands: (_, random) => {
      const rule = `from 10.99.${random.int(0, 250)}.0/24 priority ${random.int(100, 900)} lookup 77`;
      return [
        onHost(
          `ip rule add ${rule} && ip route add blackhole default table 77`,
          `ip rule del ${rule}; ip route flush table 77`,
        ),
      ];
    },
  },
  {
    name: 'marked VPN rule',
    fits: always,
    commands: (_, random) => {
      const rule = `fwmark ${random.int(2, 200)} priority ${random.int(1000, 2000)} lookup 78`;
      return [
        onHost(
          `ip rule add ${rule} && ip route add unreachable default table 78`,
          `ip rule del ${rule}; ip route flush table 78`,
        ),
      ];
    },
  },
  {
    name: 'accounting on the router',
    fits: always,
    commands: () => [
      {
        on: 'gateway',
        run: "nft 'add table ip accounting; add chain ip accounting forward { type filter hook forward priority -5; policy accept; }; add rule ip accounting forward counter accept'",
        undo: 'nft delete table ip accounting',
      },
    ],
  },
  {
    name: 'stateful router that lets replies in',
    fits: ({ mode }) => !isRouted(mode),
    commands: () => [
      {
        on: 'gateway',
        run: 'nft \'add table ip wanfw; add chain ip wanfw forward { type filter hook forward priority 5; policy accept; }; add rule ip wanfw forward iifname "wan0" ct state established,related accept; add rule ip wanfw forward iifname "wan0" drop\'',
        undo: 'nft delete table ip wanfw',
      },
    ],
  },
];

/** Noise of one situation. */
export interface Noisy {
  readonly names: readonly string[];
  /** Applied before anything is broken. */
  readonly commands: readonly FaultFile[];
  /** Docker bridges with nothing on them. */
  readonly networks: readonly NetworkFile[];
}

/** None to three kinds of noise. */
export function randomNoise(setting: Setting, random: Random, book: Addresses): Noisy {
  const fitting = NOISE.filter((one) => one.fits(setting));
  const taken = random.take(fitting, random.int(0, 3));
  const bridges = random.chance(0.4) ? random.int(1, 2) : 0;
  const networks = Array.from({ length: bridges }, (_, at) => ({
    name: `app${at}_default`,
    driver: 'bridge' as const,
    subnets: [book.four()],
  }));
  return {
    names: [...taken.map(({ name }) => name), ...networks.map(() => 'Docker bridge')],
    commands: taken.flatMap((one) => one.commands(setting, random)),
    networks,
  };
}
