import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../../src/workflows/run/run.js';
import { runOptions, verdictLine } from '../workflows/run/run-options.js';

/**
 * Runs scenarios in the lab and keeps their evidence: `make record`, or `make record ID="a b"` for some. What did not go as
 * its file says is not kept.
 */
const wanted = process.argv.slice(2);
const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-record-'));
const target = 'test/replay/recorded';
const { scenarios, error } = await run(
  runOptions({
    scenarios: wanted,
    engine: process.env['IPVLAN_DOCTOR_ENGINE'] ?? 'lab',
    directory,
    onScenario: (scenario) => console.log(verdictLine(scenario)),
  }),
);
if (wanted.length === 0) await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const { id, evidence, verdict, expectedCauses } of scenarios) {
  if (evidence && (verdict === 'pass' || expectedCauses === undefined))
    await writeFile(join(target, `${id}.json.gz`), gzipSync(await readFile(join(directory, evidence)), { level: 9 }));
  else process.exitCode = 1;
}
await rm(directory, { recursive: true });
if (error) throw new Error(error.message);
