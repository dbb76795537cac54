import { z } from 'zod';
import { evidenceSchema } from '../schema.js';

/** Keys under which evidence and result hold one thing for each name: of a node, a link, a setting or a host. */
const BY_NAME = [
  ...['links', 'routes', 'rules', 'neighbours', 'sockets', 'sysctls', 'counters', 'firewall', 'linkFilters', 'queues'],
  ...['traces', 'drops', 'addressHolders', 'platform', 'options', 'txDropped', 'legs', 'names', 'reserved'],
];

/** Keys whose own keys are names; `*sysctls` is what the record `sysctls` holds for each node. */
export const RECORDS: ReadonlySet<string> = new Set([...BY_NAME, '*sysctls']);

/** Keys that belong to the format of a file. */
export function formatKeys(schema: z.ZodType): ReadonlySet<string> {
  const found = new Set<string>();
  collect(z.toJSONSchema(schema, { unrepresentable: 'any' }), found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (key === 'properties') for (const name of Object.keys(one as object)) found.add(name);
    collect(one, found);
  }
}

export const EVIDENCE_KEYS = formatKeys(evidenceSchema);
