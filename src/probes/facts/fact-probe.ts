import type { Missing } from '../../evidence/evidence.js';
import type { FactName } from '../../evidence/facts.js';
import type { LiveNode } from '../../topology/node.js';
import { messageOf } from '../../errors.js';
import type { Looked, LookRequest } from '../look-request.js';
import type { Output, Outputs } from '../outputs.js';

/** When a reading is taken: before anything is sent, while the probes wait for answers, or after all of them. */
export type When = 'before' | 'during' | 'after';

/** A command whose output some facts are read from. Probes that name the same reading share it. */
export interface Reading {
  /** Unique among readings; also the name of its files. */
  readonly name: string;
  /** Shell, run in the node's network namespace. */
  readonly command: string;
  readonly when: When;
}

/** A look at one kind of fact, on every node it is wanted on. */
export interface FactProbe {
  readonly id: string;
  readonly title: string;
  readonly establishes: FactName;
  readonly readings: readonly Reading[];
  wanted(node: LiveNode): boolean;
  gather(request: LookRequest, outputs: Outputs): Pick<Looked, 'facts' | 'missing'>;
}

/** What one node's readings printed. */
export interface Printed {
  /** @throws when the command failed, with the tool's own reason: the fact is missing then */
  readonly by: (reading: Reading) => string;
  /** How the command ended and what it printed, for a probe that can do with less. */
  readonly outputOf: (reading: Reading) => Output;
}

/** What each probe's file says. `parse` is pure: it receives what each reading printed and returns the node's value. */
interface Definition<Value> {
  readonly id: string;
  readonly title: string;
  readonly establishes: FactName;
  readonly readings: readonly Reading[];
  wanted(node: LiveNode): boolean;
  parse(printed: Printed): Value;
}

/** Makes a probe of a definition: a command that failed makes the fact missing, with the tool's own reason. */
export function defineFactProbe<Value>(definition: Definition<Value>): FactProbe {
  return {
    ...definition,
    wanted: (node) => !node.opaque && definition.wanted(node),
    gather(request, outputs) {
      const values: Record<string, Value> = {};
      const missing: Missing[] = [];
      request.nodes.forEach((node, index) => {
        if (!request.facts || !definition.wanted(node)) return;
        if (node.opaque) {
          missing.push({ fact: definition.establishes, node: node.name, reason: OPAQUE });
          return;
        }
        try {
          values[node.name] = definition.parse(printedOn(index, outputs));
        } catch (error) {
          missing.push({ fact: definition.establishes, node: node.name, reason: messageOf(error) });
        }
      });
      return { facts: { [definition.establishes]: values }, missing };
    },
  };
}

const OPAQUE = "the provider's own router cannot be looked into";

function printedOn(node: number, outputs: Outputs): Printed {
  const outputOf = ({ name }: Reading) => outputs.get(node, name);
  return {
    outputOf,
    by(reading) {
      const { exitCode, stdout, stderr } = outputOf(reading);
      if (exitCode === 0) return stdout;
      throw new Error(stderr.trim() || `"${reading.command}" ended with exit code ${exitCode}`);
    },
  };
}

/** Nodes whose own configuration matters to a diagnosis. */
export function isConfigured({ kind }: LiveNode): boolean {
  return kind === 'host' || kind === 'container' || kind === 'gateway' || kind === 'peer';
}
