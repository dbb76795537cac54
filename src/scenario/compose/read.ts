import { z } from 'zod';
import { Problems } from '../problems.js';
import type { JsonSchema } from '../schema/schema.js';
import { reportIssues, wording } from '../schema/schema-problems.js';
import type { Path } from '../source.js';
import type { YamlFile } from '../yaml-file.js';
import { composeSchema, type ComposeFile } from './schema.js';
import { interpolate, type Variables } from './variables.js';

/** Where the format is described, for users whose file is rejected. */
export const COMPOSE_HINT = 'The format is described at https://docs.docker.com/reference/compose-file/networks/.';

/** Whether a file is a compose file: in a scenario networks are a list, and containers are no services. */
export function isCompose(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { networks, ...rest } = value as Readonly<Record<string, unknown>>;
  if ('containers' in rest || 'checks' in rest) return false;
  return 'services' in rest || ('networks' in value && !Array.isArray(networks));
}

/**
 * Reads the parts of a compose file that say how its containers are networked, with its variables replaced.
 *
 * @throws DoctorError `SCENARIO_INVALID` with every problem of its form and its place
 */
export function readCompose(
  { value, source }: YamlFile,
  variables: Variables,
): { readonly file: ComposeFile; readonly problems: Problems } {
  const problems = new Problems({ ...source, hint: COMPOSE_HINT });
  const replaced = withVariables(value, [], { variables, problems, seen: new Map() });
  problems.throwIfAny();
  const parsed = composeSchema.safeParse(replaced, { error: wording });
  if (parsed.success) return { file: parsed.data, problems };
  reportIssues(parsed.error.issues, { value: replaced, schema: composeJsonSchema(), at: [] }, problems);
  problems.throwIfAny();
  return { file: composeSchema.parse({}), problems };
}

function composeJsonSchema(): JsonSchema {
  return z.toJSONSchema(composeSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

interface Replacing {
  readonly variables: Variables;
  readonly problems: Problems;
  /** An alias is replaced once. */
  readonly seen: Map<object, unknown>;
}

/** Replaces variables in values, never in keys; extensions (`x-…`) are for other programs. */
function withVariables(value: unknown, path: Path, replacing: Replacing): unknown {
  if (typeof value === 'string') return replacedText(value, path, replacing);
  if (typeof value !== 'object' || value === null) return value;
  const known = replacing.seen.get(value);
  if (known !== undefined) return known;
  const replaced = Array.isArray(value)
    ? value.map((one, at) => withVariables(one, [...path, at], replacing))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !key.startsWith('x-'))
          .map(([key, one]) => [key, isOurs([...path, key]) ? withVariables(one, [...path, key], replacing) : one]),
      );
  replacing.seen.set(value, replaced);
  return replaced;
}

/** Parts of a service that this program reads: variables elsewhere are compose's own business. */
const SERVICE_PARTS = new Set(['networks', 'network_mode', 'mac_address', 'ports', 'container_name']);

function isOurs([part, , key]: Path): boolean {
  if (part !== 'services') return part === 'networks' || part === 'name';
  return key === undefined || SERVICE_PARTS.has(String(key));
}

function replacedText(value: string, path: Path, { variables, problems }: Replacing): string {
  const { text, unset, problems: wrong } = interpolate(value, variables);
  for (const problem of wrong) problems.add(path, `${problem[0]?.toUpperCase()}${problem.slice(1)}.`);
  for (const name of unset)
    problems.warn(path, `The variable ${name} has no value: compose takes an empty text for it.`);
  return text;
}
