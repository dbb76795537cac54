import { operands, sh } from '../../../shell.js';
import { advice, defineCause, type Remedy } from '../../cause.js';
import { explainRefused, refusedAs, type Refused } from '../../symptoms/refused.js';

/** The kernel's module of each kind of link, and OpenWrt's package of it. */
const MODULES: Readonly<Record<string, { readonly module: string; readonly option: string; readonly opkg: string }>> = {
  ipvlan: { module: 'ipvlan', option: 'CONFIG_IPVLAN', opkg: 'kmod-ipvlan' },
  macvlan: { module: 'macvlan', option: 'CONFIG_MACVLAN', opkg: 'kmod-macvlan' },
  vlan: { module: '8021q', option: 'CONFIG_VLAN_8021Q', opkg: 'kmod-8021q' },
  dummy: { module: 'dummy', option: 'CONFIG_DUMMY', opkg: 'kmod-dummy' },
};

export const kernelLacksIpvlan = defineCause({
  id: 'kernel-lacks-ipvlan',
  title: 'The kernel or the engine has no support for such links',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  uses: ['engine'],
  background: `
    Docker only asks; the kernel makes the links. Where it was built without IPvlan (NAS boxes, routers, some cloud and
    container kernels) the network can be created and its containers fail to start with "operation not supported". VLAN
    parents, dummy links and mode l3s are options of their own. Before Docker 19.03 the driver was experimental and had to be switched on.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/containers/podman/discussions/21867',
  ],

  reproduced: {
    by: 'not',
    why: "the lab's kernels have these links, and a module once loaded is not forgotten by its Docker",
  },

  detect: (view) => {
    const no = refusedAs('kernel-lacks-ipvlan', view);
    return no && { ...no, detail: { ...no.detail, kernel: view.engine?.kernel } };
  },
  explain: ({ refused, kernel }) =>
    explainRefused(refused, (one) =>
      /plugin/.test(one.refusal.message)
        ? `this engine does not know the driver ${kindOf(one)}`
        : `the kernel${kernel === undefined ? '' : ` ${kernel}`} makes no ${kindOf(one)} links`,
    ),
  remedy: ({ refused }) => [...new Set(refused.map(kindOf))].flatMap(remediesFor),
});

/** Without a parent Docker makes a dummy link, and its refusal does not say what of. */
function kindOf({ words, network }: Refused): string {
  return words['driver'] ?? (network?.parent === undefined ? 'dummy' : network.driver);
}

function remediesFor(kind: string): readonly Remedy[] {
  const { module, option, opkg } = MODULES[kind] ?? { module: kind, option: 'CONFIG_IPVLAN', opkg: `kmod-${kind}` };
  return [
    advice('Load the module, and have it loaded at every boot', 'host', [
      sh`modprobe ${operands(module)}`,
      sh`echo ${operands(module)} > /etc/modules-load.d/ipvlan-doctor.conf`,
    ]),
    advice('Where there is none: see how the kernel was built, and take one that has it', 'host', [
      sh`zgrep ${option} /proc/config.gz || grep ${option} /boot/config-$(uname -r)`,
    ]),
    advice('On OpenWrt: install it', 'host', [sh`opkg update && opkg install ${operands(opkg)}`]),
  ];
}
