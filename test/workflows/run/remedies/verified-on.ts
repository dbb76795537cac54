import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../../../src/diagnosis/diagnosis.js';
import type { Evidence } from '../../../../src/evidence/evidence.js';
import type { Looked } from '../../../../src/probes/look-request.js';
import type { CheckPlan } from '../../../../src/scenario/plan.js';
import { Cleanup } from '../../../../src/topology/cleanup.js';
import { verifyRemedies } from '../../../../src/workflows/run/remedies/verify-remedies.js';
import { arriving, broken as unasked, recorded } from '../../../diagnosis/situation.js';

/** Which causes' remedies have to be in place for a check to arrive; `undefined` where it cannot be asked. */
export type Needs = (check: string, inPlace: ReadonlySet<string>) => boolean | undefined;

/**
 * A network that answers by what is in place: each look asks it, each remedy that is applied or undone changes it. What it was before
 * is recorded evidence.
 *
 * @param strange checks that no cause is taken to explain
 */
export async function verifiedOn(id: string, needs: Needs, strange: readonly string[] = []) {
  const before = recorded(id);
  const diagnosis = unexplaining(diagnose(before), strange);
  const firsts = diagnosis.found.flatMap(({ cause, remedies }) => {
    const first = remedies.find(({ use }) => use === 'run');
    return first ? [{ id: cause.id, commands: first.commands }] : [];
  });
  const inPlace = new Set<string>();
  const did: string[] = [];
  const words = (command: string) => command.replaceAll("'\\''", "'");
  const run = (script: string) => {
    for (const { id, commands } of firsts) {
      const said = words(script);
      if (commands.some((one) => one.undo !== undefined && said.includes(one.undo))) {
        inPlace.delete(id);
        did.push(`- ${id}`);
      } else if (commands.some((one) => said.includes(one.run))) {
        inPlace.add(id);
        did.push(`+ ${id}`);
      }
    }
    return Promise.resolve({ exitCode: 0, stdout: Buffer.alloc(0), stderr: '' });
  };
  const answer = (all: Evidence): Evidence => {
    const asked = all.probes.map(({ id }) => id);
    const pass = asked.filter((check) => needs(check, inPlace) === true);
    const open = asked.filter((check) => needs(check, inPlace) === undefined);
    const answered = pass.length > 0 ? arriving(all, ...pass) : all;
    return open.length > 0 ? unasked(answered, ...open) : answered;
  };
  const cleanup = new Cleanup();
  const request = {
    plan: {
      ...{ id, networks: [], checks: before.probes.filter(({ purpose }) => purpose === 'check') },
      site: { host: { interface: 'enp0s3' } },
    },
    topology: { nodes: (before.facts.nodes ?? []).map((node) => ({ ...node, enter: [], pid: undefined })) },
    ...{
      shell: { run },
      journal: { note: () => 0, done: () => undefined, changed: () => undefined },
      cleanup,
      diagnosis,
    },
    again: (checks: readonly CheckPlan[]) => {
      did.push('look');
      const probes = before.probes.filter((one) => checks.some((check) => check.id === one.id));
      return Promise.resolve({ probes: answer({ ...before, probes }).probes } as unknown as Looked);
    },
    lookDeeper: () => Promise.resolve(answer(before)),
    onStep: () => undefined,
  };
  const verified = await verifyRemedies(request as unknown as Parameters<typeof verifyRemedies>[0]);
  await cleanup[Symbol.asyncDispose]();
  return { ...verified, byCause: Object.fromEntries(verified.byCause), did, inPlace, explains: explainsOf(diagnosis) };
}

function unexplaining(diagnosis: Diagnosis, strange: readonly string[]): Diagnosis {
  const found = diagnosis.found.map(({ ruling, ...one }) => ({
    ...one,
    ruling: { ...ruling, explains: ruling.explains.filter((check) => !strange.includes(check)) },
  }));
  return { ...diagnosis, found, unexplained: [...diagnosis.unexplained, ...strange] };
}

export function explainsOf({ found }: Diagnosis): (cause: string, check: string) => boolean {
  return (id, check) => found.some(({ cause, ruling }) => cause.id === id && ruling.explains.includes(check));
}
