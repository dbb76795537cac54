import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ts from 'typescript';
import { EVIDENCE_VERSION } from '../../../src/evidence/evidence.js';
import type { Plan } from '../../../src/scenario/plan.js';
import { commandsOf } from '../../../src/workflows/run/fault-commands.js';

/** What is known of one recording: of what container, and hashes of all that it depends on. */
export interface Recording {
  /** The container that was diagnosed; absent in the view of a site, which is no container's. */
  readonly container?: string | undefined;
  /** Why there is nothing to record. */
  readonly without?: string | undefined;
  /** The network and its faults. */
  readonly situation: string;
  /** The version of the evidence, and all code that decides what is asked and read. */
  readonly looks: string;
}

const RECORDED = 'test/replay/recorded';

/** The recordings of one view: a file for each scenario, and a manifest. */
export class Recordings {
  readonly #view: string;
  readonly #directory: string;

  constructor(view: string, recorded = RECORDED) {
    this.#view = view;
    this.#directory = join(recorded, view);
  }

  get #looks(): string {
    return looksOf(this.#view);
  }

  /** Why a scenario has to be recorded; `undefined` where it need not. */
  due(plan: Plan): 'missing' | 'stale' | undefined {
    const known = this.#read()[plan.id];
    if (!known || (known.without === undefined && !existsSync(this.#file(plan.id)))) return 'missing';
    return known.situation === situationOf(this.#view, plan) && known.looks === this.#looks ? undefined : 'stale';
  }

  /** Keeps a recording. Written at once, so that a recorder may be stopped at any time. */
  keep(plan: Plan, evidence: string | undefined, rest: Pick<Recording, 'container' | 'without'> = {}): void {
    mkdirSync(this.#directory, { recursive: true });
    if (evidence !== undefined) writeFileSync(this.#file(plan.id), gzipSync(evidence, { level: 9 }));
    const entry = { ...rest, situation: situationOf(this.#view, plan), looks: this.#looks };
    const lines = Object.entries({ ...this.#read(), [plan.id]: entry })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, one]) => `${JSON.stringify(id)}: ${JSON.stringify(one)}`);
    writeFileSync(this.#manifest, `{\n${lines.join(',\n')}\n}\n`);
  }

  get #manifest(): string {
    return join(this.#directory, 'manifest.json');
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json.gz`);
  }

  #read(): Readonly<Record<string, Recording>> {
    if (!existsSync(this.#manifest)) return {};
    return JSON.parse(readFileSync(this.#manifest, 'utf8')) as Record<string, Recording>;
  }
}

/** A user's own questions do not depend on those of the scenario. */
function situationOf(view: string, plan: Plan): string {
  const { site, networks, containers, checks, comparisons } = plan;
  const asked = view === 'site' ? [...checks, ...comparisons].map((check) => ({ ...check, line: undefined })) : [];
  return hashOf([site, networks, containers, commandsOf(plan), asked]);
}

/** What decides what a look asks and reads, beside the scenario. */
const CODE: Readonly<Record<'run' | 'attached', readonly string[]>> = {
  run: [
    'src/probes',
    'src/workflows/gather.ts',
    'src/workflows/run/scenario-look.ts',
    'src/topology/vantage-points.ts',
  ],
  attached: ['src/probes', 'src/workflows/gather.ts', 'src/workflows/attach', 'src/commands/attach-options.ts'],
};

const known = new Map<string, string>();

function looksOf(view: string): string {
  const kind = view === 'site' ? 'run' : 'attached';
  const looks = known.get(kind) ?? hashOfCode(CODE[kind]);
  known.set(kind, looks);
  return looks;
}

function hashOfCode(paths: readonly string[]): string {
  const files = paths.flatMap((path) =>
    path.endsWith('.ts') ? [path] : readdirSync(path, { recursive: true }).map((name) => join(path, String(name))),
  );
  const code = files.filter((name) => name.endsWith('.ts')).sort();
  return hashOf([EVIDENCE_VERSION, ...code.map((name) => [name, withoutComments(readFileSync(name, 'utf8'))])]);
}

/** A reworded comment makes nothing stale. */
function withoutComments(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext },
  });
  return outputText.replaceAll(/\s+/g, ' ');
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
