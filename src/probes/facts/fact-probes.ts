import { counters } from './counters.js';
import type { FactProbe } from './fact-probe.js';
import { firewall } from './firewall.js';
import { linkFilters } from './link-filters.js';
import { links } from './links.js';
import { neighbours } from './neighbours.js';
import { platform } from './platform.js';
import { queues } from './queues.js';
import { routes } from './routes.js';
import { rules } from './rules.js';
import { sockets } from './sockets.js';
import { sysctls } from './sysctls.js';

/** Every probe that establishes a fact by commands of its own. */
export const FACT_PROBES: readonly FactProbe[] = [
  links,
  routes,
  rules,
  sysctls,
  sockets,
  neighbours,
  counters,
  firewall,
  linkFilters,
  queues,
  platform,
];
