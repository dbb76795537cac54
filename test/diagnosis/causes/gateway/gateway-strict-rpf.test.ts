import { gatewayStrictRpf } from '../../../../src/diagnosis/causes/gateway/gateway-strict-rpf.js';
import type { Facts } from '../../../../src/evidence/facts.js';
import {
  arriving,
  asleep,
  change,
  describeCause,
  recorded,
  unseen,
  withRoute,
  type Situation,
} from '../../situation.js';

const strict = recorded('l3-gateway-strict-rpf');

/** The same with other values of the gateway's reverse path filter. */
function filtering(situation: Situation, values: Readonly<Record<string, string>>): Situation {
  return change(situation, ({ sysctls }) => ({
    sysctls: { ...sysctls, gateway: { ...sysctls['gateway'], ...prefixed(values) } },
  }));
}

function prefixed(values: Readonly<Record<string, string>>): Facts['sysctls'][string] {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`net.ipv4.conf.${name}.rp_filter`, value]));
}

function withBothRoutes(situation: Situation, to: { readonly via: string; readonly device: string }): Situation {
  return ['192.168.10.0/24', '192.168.20.0/24'].reduce(
    (one, destination) => withRoute(one, 'gateway', { destination, ...to }),
    situation,
  );
}

describeCause(gatewayStrictRpf, {
  recognises: {
    'a gateway that filters strictly and lacks the route': strict,
    'one that filters strictly on every link': filtering(strict, { lan0: '0', all: '1' }),
    'a route back through another interface': withBothRoutes(strict, { via: '203.0.113.1', device: 'wan0' }),
    'a strict gateway whose counters were not read': change(strict, () => ({ counters: {} })),
  },
  leavesAlone: {
    'the missing route of a gateway that filters nothing': recorded('article-first-attempt'),
    'loose filtering': filtering(strict, { lan0: '2' }),
    'strict filtering that a loose value for all links overrules': filtering(strict, { lan0: '1', all: '2' }),
    'strict filtering on another link than the packets come in on': filtering(strict, { lan0: '0', wan0: '1' }),
    'a strict gateway with the routes': withBothRoutes(strict, { via: '192.168.0.2', device: 'lan0' }),
    'a strict gateway whose route leads to the wrong machine, through the right link': withBothRoutes(strict, {
      via: '192.168.0.77',
      device: 'lan0',
    }),
    'a strict gateway that lets them in': arriving(strict, 'webapp>*', 'database>*'),
    'a strict host, whose filter does not apply to its containers’ packets': recorded('l3-strict-rp-filter'),
    'a gateway that was not observed, on a parent whose capture did not work': asleep(
      unseen(strict, 'gateway'),
      'host',
    ),
  },
  cannotTell: {
    'a gateway that was not observed: it may only lack the route': unseen(strict, 'gateway'),
  },
});
