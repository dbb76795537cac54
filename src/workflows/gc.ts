import { rm } from 'node:fs/promises';
import { agentImage } from '../engine/agent-image.js';
import { startAgent } from '../engine/agent.js';
import { connectEngine } from '../engine/docker.js';
import { resolveEndpoint } from '../engine/endpoint.js';
import type { Engine } from '../engine/engine.js';
import { sweep } from '../engine/sweep.js';
import { messageOf } from '../errors.js';
import { findLab, sweepLabs } from '../lab/lab.js';
import { readJournals, type LeftJournal } from '../topology/journal.js';

/** What became of one run's leavings. */
export interface Collected {
  readonly run: string;
  /** What was taken back, one entry each. */
  readonly undone: readonly string[];
  /** What could not be, one sentence each; empty when nothing of the run is left. */
  readonly left: readonly string[];
}

/** Finishes what killed runs left behind: undoes journalled changes to hosts, and removes what carries their labels. */
export async function collectGarbage(): Promise<readonly Collected[]> {
  await sweepLabs();
  const collected: Collected[] = [];
  for (const journal of readJournals().filter(({ alive }) => !alive)) collected.push(await finish(journal));
  return collected;
}

async function finish(journal: LeftJournal): Promise<Collected> {
  const { run } = journal.head;
  try {
    const engine = await engineOf(journal);
    const { undone, left } = engine
      ? await cleanUp(engine, journal)
      : { undone: ['the lab it ran in is gone'], left: [] };
    engine?.disconnect();
    if (left.length === 0) await rm(journal.file, { force: true });
    return { run, undone, left };
  } catch (error) {
    return { run, undone: [], left: [messageOf(error)] };
  }
}

/** @returns `undefined` when it was a lab that is no longer: everything went with it */
async function engineOf({ head }: LeftJournal): Promise<Engine | undefined> {
  const name = /^lab:(.+)$/.exec(head.engine)?.[1];
  if (name === undefined) {
    return connectEngine(
      resolveEndpoint({ engine: head.engine || undefined, context: head.context, env: process.env }),
    );
  }
  const lab = await findLab(name);
  return lab && connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }));
}

async function cleanUp(engine: Engine, { head, open }: LeftJournal): Promise<Omit<Collected, 'run'>> {
  const left: string[] = [];
  const undone: string[] = [];
  // Containers first: the site lives in the agent, and IPvlan links keep networks busy.
  for (const { object, why } of await sweep(engine, { runs: [head.run] }))
    left.push(`${object.kind} ${object.name}: ${why}`);
  if (open.length === 0) return { undone, left };
  const run = `gc-${head.run}`;
  {
    await using agent = await startAgent(engine, { image: await agentImage(engine), run });
    for (const { what, undo } of open) {
      // Much of it went with the agent that held it; what is gone already cannot fail to be undone.
      await agent.run(undo, { timeoutMs: 30_000 });
      undone.push(what);
    }
  }
  return { undone, left };
}
