import { isStrict } from '../../../network/reverse-path.js';
import { defineCause, exonerated } from '../../cause.js';
import { hostName } from '../../reading.js';

export const hostRpFilter = defineCause({
  id: 'host-rp-filter',
  title: "The host's reverse path filter is strict",
  layer: 'host-route',
  kind: 'informational',
  hop: 'host-input',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'sysctls'],
  background: `
    With rp_filter=1 a host drops what comes in by another interface than the one it would answer by. IPvlan and macvlan take
    their containers' packets from the parent before the host's IP layer looks at them, and in L3S the look is made with the
    container's link. Measured with strict filtering in every mode: everything works.`,
  see: ['https://docs.kernel.org/networking/ip-sysctl.html', 'https://docs.kernel.org/networking/ipvlan.html'],

  reproduced: { by: 'exoneration' },

  detect({ nodes, networks, sysctls }) {
    const values = sysctls[hostName(nodes)];
    const strict = networks.filter(({ driver, parent }) => driver !== 'bridge' && parent && isStrict(values, parent));
    if (strict.length === 0) return undefined;
    const names = strict.map(({ name, driver, mode }) => `${name} (${driver} ${mode})`).join(', ');
    return exonerated(`rp_filter is strict on ${strict[0]?.parent}, and it never looks at packets of ${names}.`);
  },
  explain: () => "The host's reverse path filter is strict.",
  remedy: () => [],
});
