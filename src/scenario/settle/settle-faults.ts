import type { ZodType } from 'zod';
import { z } from 'zod';
import { didYouMean } from '../../suggest.js';
import type { FaultPlan, Plan } from '../plan.js';
import type { Problems } from '../problems.js';
import type { FaultFile, JsonSchema } from '../schema/schema.js';
import { reportIssues, wording } from '../schema/schema-problems.js';
import type { Path } from '../source.js';

/** What a scenario must know of a catalogue fault. */
interface KnownFault {
  readonly needsDisposableHost: boolean;
  /** The keys that are allowed with its name. */
  readonly parameters: ZodType<Readonly<Record<string, unknown>>>;
  /** What it does to a plan; nothing when there is nothing for it to break. */
  commands(plan: Plan, parameters: Readonly<Record<string, unknown>>): readonly unknown[];
}

/** The catalogue faults by id. */
export type FaultCatalogue = ReadonlyMap<string, KnownFault>;

interface Known {
  readonly catalogue: FaultCatalogue;
  /** Names of the nodes a command may run on. */
  readonly nodes: readonly string[];
  readonly problems: Problems;
}

/** The faults, with their parameters' defaults written out. */
export function settleFaults(files: readonly FaultFile[], known: Known): readonly FaultPlan[] {
  return files.flatMap((file, index): readonly FaultPlan[] => {
    const at = ['faults', index];
    if (typeof file === 'string') return settleCatalogue({ fault: file }, at, known);
    return 'fault' in file ? settleCatalogue(file, at, known) : settleCommand(file, at, known);
  });
}

function settleCatalogue(
  { fault, ...parameters }: Readonly<Record<string, unknown>>,
  at: Path,
  { catalogue, problems }: Known,
): readonly FaultPlan[] {
  const id = String(fault);
  const entry = catalogue.get(id);
  if (!entry) {
    const help =
      didYouMean(id, catalogue.keys()) || ' `ipvlan-doctor list faults` shows all; a shell command needs on and run.';
    problems.add(at, `There is no fault ${id} in the catalogue.${help}`);
    return [];
  }
  const parsed = entry.parameters.safeParse(parameters, { error: wording });
  if (parsed.success) return [{ kind: 'catalogue', fault: id, parameters: parsed.data }];
  const schema = z.toJSONSchema(entry.parameters, { io: 'input' }) as JsonSchema;
  reportIssues(parsed.error.issues, { value: parameters, schema, at }, problems);
  return [];
}

function settleCommand(
  { on, run, undo }: Extract<FaultFile, { on: string }>,
  at: Path,
  { nodes, problems }: Known,
): readonly FaultPlan[] {
  if (!nodes.includes(on)) {
    problems.add(
      [...at, 'on'],
      `There is no node ${on}.${didYouMean(on, nodes) || ` There are: ${nodes.join(', ')}.`}`,
    );
  }
  return [{ kind: 'command', on, run, undo }];
}

/** Reports catalogue faults that would change nothing, such as a route fault where there are no routes. */
export function checkEffect(plan: Plan, { catalogue, problems }: Omit<Known, 'nodes'>): void {
  for (const [index, fault] of plan.faults.entries()) {
    if (fault.kind === 'command' || catalogue.get(fault.fault)?.commands(plan, fault.parameters).length !== 0) continue;
    const values = Object.values(fault.parameters).map(String);
    const about = values.length > 0 ? ` for ${values.join(', ')}` : '';
    problems.add(
      ['faults', index],
      `${fault.fault} finds nothing to break here${about}: the site and networks have no such thing.`,
    );
  }
}

/** Whether a fault changes something global on the host, or cannot be undone. */
export function needsDisposableHost(faults: readonly FaultPlan[], catalogue: FaultCatalogue): boolean {
  return faults.some((fault) =>
    fault.kind === 'command'
      ? fault.undo === undefined || fault.on === 'host'
      : catalogue.get(fault.fault)?.needsDisposableHost === true,
  );
}
