import { driverText } from '../../../network/networks.js';
import { defineCause, ruledOutByName } from '../../cause.js';

export const hostRpFilter = defineCause({
  id: 'host-rp-filter',
  title: "The host's reverse path filter is strict",
  layer: 'host-route',
  kind: 'informational',
  hop: 'host-input',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'sysctls'],
  background: `
    With rp_filter=1 a host drops a packet that arrives at another interface than its own route to the source uses. IPvlan
    and macvlan take their containers' packets from the parent before the host's IP layer looks at them. In L3S the lookup
    is made with the container's link. Measured with strict filtering in every mode: everything works.`,
  see: ['https://docs.kernel.org/networking/ip-sysctl.html', 'https://docs.kernel.org/networking/ipvlan.html'],

  reproduced: { by: 'ruled-out' },

  detect({ network: { names, routing } }) {
    const strict = names.networks.filter(
      ({ driver, parent }) => driver !== 'bridge' && parent && routing.isReversePathStrict(names.hostName, parent),
    );
    if (strict.length === 0) return undefined;
    return ruledOutByName(
      `rp_filter is strict on ${strict[0]?.parent}, and it does not check packets of ${strict.map(driverText).join(', ')}.`,
    );
  },
  explain: () => "The host's reverse path filter is strict.",
  remedy: () => [],
});
