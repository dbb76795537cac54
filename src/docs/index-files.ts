import { basename } from 'node:path';

const GENERATED = '// Generated from the files beside it by `make generate`.';

/** A file of a catalogue: its id, and where it is, relative to the folder of the catalogue. */
export interface Member {
  readonly id: string;
  readonly file: string;
}

/**
 * The members of a catalogue, by id. Pure.
 *
 * @param files paths within the folder of the catalogue
 * @param others ids of files that are no members
 */
export function membersOf(files: readonly string[], others: readonly string[]): readonly Member[] {
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ id: basename(file, '.ts'), file }))
    .filter(({ id }) => id !== 'index' && !others.includes(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `src/diagnosis/causes/index.ts`. Pure. */
export function causesIndex(causes: readonly Member[]): string {
  return [
    GENERATED,
    "import type { Cause } from '../cause.js';",
    ...causes.map(importLine),
    '',
    '/** Every cause the tool knows. */',
    'export const CAUSES: readonly Cause[] = [',
    ...causes.map(({ id }) => `  ${variable(id)},`),
    '];',
    '',
  ].join('\n');
}

/** `src/diagnosis/causes/ids.ts`: by these ids causes refer to each other without importing each other. Pure. */
export function causeIds(causes: readonly Member[]): string {
  return [
    GENERATED,
    '',
    '/** The id of a cause. */',
    'export type CauseId =',
    ...causes.map(({ id }, at) => `  | '${id}'${at === causes.length - 1 ? ';' : ''}`),
    '',
  ].join('\n');
}

/** `src/faults/index.ts`. Pure. */
export function faultsIndex(faults: readonly Member[]): string {
  return [
    GENERATED,
    "import type { Fault } from './fault.js';",
    ...faults.map(importLine),
    '',
    '/** The catalogue of faults, by id. */',
    'export const FAULTS: ReadonlyMap<string, Fault> = new Map(',
    '  [',
    ...faults.map(({ id }) => `    ${variable(id)},`),
    '  ].map((fault) => [fault.id, fault]),',
    ');',
    '',
  ].join('\n');
}

function importLine({ id, file }: Member): string {
  return `import { ${variable(id)} } from './${file.replace(/\.ts$/, '.js')}';`;
}

/** `l3s-host-input` is exported as `l3sHostInput`. */
function variable(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
