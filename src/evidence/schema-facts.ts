import { z } from 'zod';
import { perNode, text } from './schema/terms.js';
import { engine, platformSchema } from './schema/engine.js';
import { node } from './schema/nodes.js';
import { network } from './schema/networks.js';
import { container, socket } from './schema/containers.js';
import { refusal } from './schema/refusals.js';
import { link, linkFilter, queue } from './schema/links.js';
import { addressHolders, route, rule, neighbour } from './schema/routing.js';
import { countersSchema, drop } from './schema/counters.js';
import { firewallSchema, trace } from './schema/firewall.js';
import { capture } from './schema/captures.js';

/*
 * The data dictionary once more, as what a file must look like. Addresses are checked to be addresses, because later stages
 * calculate with them. Unknown keys are dropped: a newer minor version may have written them.
 */

/** What the facts of an evidence file must look like; any of them may be absent. */
export const factsSchema = z
  .object({
    engine,
    nodes: z.array(node),
    networks: z.array(network),
    containers: z.array(container),
    refusals: z.array(refusal),
    links: perNode(z.array(link)),
    routes: perNode(z.array(route)),
    rules: perNode(z.array(rule)),
    neighbours: perNode(z.array(neighbour)),
    addressHolders: perNode(z.array(addressHolders)),
    sockets: perNode(z.array(socket)),
    sysctls: perNode(z.record(text, text)),
    counters: perNode(countersSchema),
    firewall: perNode(firewallSchema),
    linkFilters: perNode(z.array(linkFilter)),
    queues: perNode(z.array(queue)),
    traces: perNode(z.array(trace)),
    drops: perNode(z.array(drop)),
    captures: z.array(capture),
    platform: perNode(platformSchema),
  })
  .partial();

/** The name of a fact. */
export const factName = z.enum(Object.keys(factsSchema.shape) as [keyof typeof factsSchema.shape]);
