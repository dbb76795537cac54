import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { resultJson } from '../../src/report/json.js';
import { HOSTILE, unsafeIn } from '../hostile.js';
import { healthy, result } from '../report/results.js';
import { printed } from './printed.js';

describe('what the command line prints', function () {
  this.timeout(60_000);
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-hostile-'));
    const [before, after] = [result([healthy({ id: HOSTILE })]), result([healthy({ id: HOSTILE, verdict: 'fail' })])];
    await writeFile(join(directory, 'before.json'), resultJson(before));
    await writeFile(join(directory, 'after.json'), resultJson(after));
    const name = JSON.stringify(`a${HOSTILE}`);
    await writeFile(
      join(directory, 'scenario.yaml'),
      `id: x\ntitle: ${name}\nsite: real\nnetworks:\n  - name: ${name}\n    driver: ipvlan\n    parent: ${name}\n    subnets: [{subnet: 10.0.0.0/24}]\n`,
    );
  });
  after(() => rm(directory, { recursive: true }));

  const cases: Readonly<Record<string, readonly string[]>> = {
    'an unknown cause': ['explain', HOSTILE],
    'an unknown scenario': ['run', HOSTILE],
    'an unknown flag': ['run', `--${HOSTILE}`],
    'an unknown verb': [HOSTILE],
    'a value that is no choice': ['list', HOSTILE],
    'a value that is no number': ['run', '--attempts', HOSTILE],
    'an unknown reporter': ['report', 'x', '--reporter', HOSTILE],
    'a file that cannot be read': ['report', HOSTILE],
    'an engine that does not answer': ['preflight', '--engine', `unix:///${HOSTILE}`],
    'an engine that does not answer, as JSON': ['preflight', '--json', '--engine', `unix:///${HOSTILE}`],
    'a container on no engine': ['diagnose', HOSTILE, '-o', 'DIRECTORY/reports', '--engine', 'unix:///nowhere'],
    'a lab that is not up': ['lab', 'env', '--name', HOSTILE],
    'two results that differ': ['diff', 'DIRECTORY/before.json', 'DIRECTORY/after.json'],
    'two results that differ, as JSON': ['diff', '--json', 'DIRECTORY/before.json', 'DIRECTORY/after.json'],
    'a result with a hostile name': ['report', 'DIRECTORY/after.json', '-o', `DIRECTORY/${HOSTILE}`],
    'a result, as JSON': ['report', '--json', 'DIRECTORY/after.json', '-o', 'DIRECTORY/out'],
    'a reporter that cannot write': [
      'report',
      'DIRECTORY/after.json',
      '-o',
      'DIRECTORY/out',
      '--reporter',
      `junit:/dev/null/${HOSTILE}`,
    ],
    'a scenario that is wrong': ['validate', 'DIRECTORY/scenario.yaml', '--offline'],
    'a file that is none': ['validate', `DIRECTORY/${HOSTILE}.yaml`, '--offline'],
    'a bundle of nothing': ['collect', `DIRECTORY/${HOSTILE}`, '-o', `DIRECTORY/${HOSTILE}`],
  };
  for (const [what, args] of Object.entries(cases)) {
    it(`untrusted text neither controls the terminal nor hides other text: ${what}`, async () => {
      const given = args.map((arg) => arg.replace('DIRECTORY', directory));
      const { text: all } = await printed(given);
      expect(all).not.to.equal('');
      expect(all).not.to.include('This is a defect');
      expect(unsafeIn(all)).to.equal(undefined);
    });
  }
});
