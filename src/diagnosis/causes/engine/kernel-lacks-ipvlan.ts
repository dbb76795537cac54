import { operands, sh } from '../../../shell.js';
import { advice, defineCause, type Remedy } from '../../cause.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

/** The kernel's module of each kind of link, and OpenWrt's package of it. */
const MODULES: Readonly<Record<string, { readonly module: string; readonly option: string; readonly opkg: string }>> = {
  ipvlan: { module: 'ipvlan', option: 'CONFIG_IPVLAN', opkg: 'kmod-ipvlan' },
  macvlan: { module: 'macvlan', option: 'CONFIG_MACVLAN', opkg: 'kmod-macvlan' },
  vlan: { module: '8021q', option: 'CONFIG_VLAN_8021Q', opkg: 'kmod-8021q' },
  dummy: { module: 'dummy', option: 'CONFIG_DUMMY', opkg: 'kmod-dummy' },
};

export const kernelLacksIpvlan = defineCause({
  id: 'kernel-lacks-ipvlan',
  title: 'The kernel or the engine does not support this kind of link',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    Docker asks the kernel to create the links. Some kernels are built without IPvlan: those of NAS boxes, routers, some
    clouds and containers. The network is created, and its containers do not start: "operation not supported". VLAN links,
    dummy links and mode l3s are kernel options of their own. Before Docker 19.03 the driver was experimental and off by
    default.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/containers/podman/discussions/21867',
  ],

  reproduced: {
    by: 'not',
    why: "the lab's kernels have these links, and its Docker loads a module only once",
  },

  detect(observed) {
    const seen = engineErrors('kernel-lacks-ipvlan', observed);
    return seen && { ...seen, detail: { ...seen.detail, kernel: observed.network.names.engine?.kernel } };
  },
  explain: ({ errors, kernel }) =>
    explainErrors(errors, (one) =>
      /plugin/.test(one.refusal.message)
        ? `this engine does not have the driver ${kindOf(one)}`
        : `the kernel${kernel === undefined ? '' : ` ${kernel}`} does not support ${kindOf(one)} links`,
    ),
  remedy: ({ errors, host }) => [...new Set(errors.map(kindOf))].flatMap((kind) => remediesFor(host, kind)),
});

/** Without a parent Docker creates a dummy link, and its message does not name the kind of link. */
function kindOf({ words, network }: EngineError): string {
  return words['driver'] ?? (network?.parent === undefined ? 'dummy' : network.driver);
}

function remediesFor(host: string, kind: string): readonly Remedy[] {
  const { module, option, opkg } = MODULES[kind] ?? { module: kind, option: 'CONFIG_IPVLAN', opkg: `kmod-${kind}` };
  return [
    advice('Load the module now and at every boot', host, [{ kind: 'module', on: host, module }]),
    advice('If there is no such module, check how the kernel was built, and install a kernel that has it', host, [
      sh`zgrep ${option} /proc/config.gz || grep ${option} /boot/config-$(uname -r)`,
    ]),
    advice('On OpenWrt: install the module', host, [sh`opkg update && opkg install ${operands(opkg)}`]),
  ];
}
