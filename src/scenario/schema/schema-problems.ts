import type { z } from 'zod';
import { didYouMean } from '../../suggest.js';
import type { Problems } from '../problems.js';
import type { JsonSchema } from './schema.js';
import type { Path } from '../source.js';

type Issue = z.core.$ZodIssue;

/** A value that a schema rejected, and what is needed to say why. */
export interface RejectedValue {
  readonly value: unknown;
  readonly schema: JsonSchema;
  /** The place of the value in the file. */
  readonly at: Path;
}

/** Turns what zod says about a rejected value into sentences with positions. */
export function reportIssues(issues: readonly Issue[], rejected: RejectedValue, problems: Problems): void {
  for (const issue of issues.flatMap((each) => flatten(each, rejected.value))) {
    report(issue, rejected, problems);
  }
}

/** Wording where a schema has no words of its own. Completes a sentence that begins with the path. */
export function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_union') return issue.errors[0]?.[0]?.message;
  if (issue.code !== 'invalid_value') return undefined;
  const values = issue.values.map(String);
  const choice = values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`;
  return `must be ${choice}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

function report(issue: Issue, rejected: RejectedValue, problems: Problems): void {
  const inside = issue.path as (string | number)[];
  const path = [...rejected.at, ...inside];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys)
      problems.add([...path, key], unknownKey(key, path, keysAt(rejected.schema, inside)), 'key');
    return;
  }
  const value = valueAt(rejected.value, inside);
  if (value === undefined && inside.length > 0) {
    const about = propertyAt(rejected.schema, inside)?.description;
    problems.add(path, `${pathText(path)} is missing${about ? `: ${about}` : '.'}`);
    return;
  }
  const hint = issue.code === 'invalid_value' ? didYouMean(String(value), issue.values.map(String)) : '';
  problems.add(
    path,
    `${pathText(path)} ${issue.message}${shown(value)}.${hint}`,
    issue.code === 'custom' && isMapping(value) ? 'key' : 'value',
  );
}

function unknownKey(key: string, path: Path, known: readonly string[]): string {
  const where = path.length > 0 ? ` in ${pathText(path)}` : '';
  const help = didYouMean(key, known) || (known.length > 0 ? ` It may hold ${known.join(', ')}.` : ' It takes none.');
  return `Unknown key "${key}"${where}.${help}`;
}

/**
 * Of a union's branches, the one the author most likely meant: same type at the top, fewest keys missing. Without such a
 * branch the union speaks for itself.
 */
function flatten(issue: Issue, root: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const path = issue.path as (string | number)[];
  const value = valueAt(root, path);
  const meant = issue.errors
    .filter(
      (branch) =>
        !branch.some(
          ({ code, path: [step] }) =>
            step === undefined && code !== 'unrecognized_keys' && (code !== 'custom' || !isMapping(value)),
        ),
    )
    .map((branch) => ({ branch, missing: branch.filter(({ path: [step] }) => isMissing(value, step)).length }))
    .sort((a, b) => a.missing - b.missing)[0];
  const single = meant ?? scalarBranch(issue, value);
  if (!single) return [issue];
  return single.branch.flatMap((inner) => flatten({ ...inner, path: [...path, ...inner.path] }, root));
}

/** A scalar that one branch accepts by type and rejects by content, such as a malformed address where a list is allowed too. */
function scalarBranch(issue: Issue & { code: 'invalid_union' }, value: unknown): { branch: Issue[] } | undefined {
  if (typeof value !== 'string') return undefined;
  const branches = issue.errors.filter((branch) => branch.every(({ code }) => code !== 'invalid_type'));
  const custom = branches.filter((branch) =>
    branch.every(({ code }) => code === 'custom' || code === 'invalid_format'),
  );
  return custom.length === 1 && custom[0] ? { branch: custom[0] } : undefined;
}

function isMissing(value: unknown, step: PropertyKey | undefined): boolean {
  return step !== undefined && isMapping(value) && !(String(step) in value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** `networks[0].subnets`, as a reader would write it. */
function pathText(path: Path): string {
  return (
    path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`)).join('') ||
    'The file'
  );
}

function shown(value: unknown): string {
  if (value === null) return ', but it is empty';
  return typeof value === 'object' ? '' : `, not ${JSON.stringify(value)}`;
}

function keysAt(schema: JsonSchema, path: Path): readonly string[] {
  const branches = descend([schema], path);
  return [...new Set(branches.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function propertyAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  return descend([schema], path).find(({ description }) => description);
}

function descend(schemas: readonly JsonSchema[], path: Path): readonly JsonSchema[] {
  const open = schemas.flatMap((schema) => [schema, ...(schema.anyOf ?? [])]);
  const [step, ...rest] = path;
  if (step === undefined) return open;
  const next = open.map((schema) =>
    typeof step === 'number' ? schema.items : (schema.properties?.[step] ?? schema.additionalProperties),
  );
  return descend(
    next.filter((schema) => typeof schema === 'object'),
    rest,
  );
}
