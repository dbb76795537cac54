import { DoctorError } from '../../errors.js';
import { readEvidence } from '../../evidence/file.js';
import type { Result, ScenarioResult } from '../../report/result.js';
import type { WantedNetworks } from '../../scenario/real-site.js';
import { resultOf } from '../command-result.js';
import { predictedProblems, predictedAddressConflicts } from './predict-problems.js';

/** What is checked without an engine. */
export interface OfflineOptions {
  readonly runId: string;
  /** The file as the user named it; absent when flags describe the network. */
  readonly file: string | undefined;
  /** Reads and settles it. */
  readonly wanted: () => Promise<WantedNetworks>;
  /** An evidence file of the host; absent when only the file is checked. */
  readonly evidence: string | undefined;
}

/**
 * Checks networks and the containers on them without creating anything. What is wrong with the file alone is the result's error,
 * with its places and exit code 2; what would not work on the host of the evidence makes the scenario fail.
 */
export function validateOffline({ runId, file, wanted, evidence }: OfflineOptions): Promise<Result> {
  const { signal } = new AbortController();
  return resultOf({ id: runId, verb: 'validate', signal }, async ({ done }) => {
    const read = await wanted();
    if (read.networks.length === 0)
      throw new DoctorError('USAGE', `${file ?? read.id} has no IPvlan or macvlan network.`);
    done.push(checked(read, { file, evidence, problems: await problemsOf(read, evidence) }));
  });
}

async function problemsOf(
  { networks, fixed }: WantedNetworks,
  evidence: string | undefined,
): Promise<readonly string[]> {
  const facts = evidence === undefined ? {} : (await readEvidence(evidence)).facts;
  return [
    ...networks.flatMap((network) => predictedProblems(network, facts).map((one) => `${network.name}: ${one}`)),
    ...predictedAddressConflicts(fixed, facts),
  ];
}

interface Checked extends Pick<OfflineOptions, 'file' | 'evidence'> {
  readonly problems: readonly string[];
}

function checked({ id, networks, warnings }: WantedNetworks, { file, evidence, problems }: Checked): ScenarioResult {
  const where = evidence === undefined ? '' : ` on the host of ${evidence}`;
  const good = `${file ?? networks[0]?.name ?? id}: no problem found${where}.`;
  return {
    id,
    title: networks.map(({ name }) => name).join(', '),
    why: undefined,
    file,
    verdict: problems.length > 0 ? 'fail' : 'pass',
    // One problem is the headline.
    reason: problems.length > 1 ? problems.join('\n') : undefined,
    headline: problems[0] ?? good,
    problems,
    topology: undefined,
    checks: [],
    paths: [],
    causes: [],
    ruledOut: [],
    inconclusive: [],
    unexplained: [],
    expectedCauses: undefined,
    remedy: { proof: 'not tried', because: 'nothing was created' },
    assumptions: [],
    warnings,
    timing: [],
    evidence: undefined,
  };
}

/** What a terminal shows of an offline result. */
export function offlineView({ error, scenarios, run }: Result) {
  const [scenario] = scenarios;
  return {
    error: error && new DoctorError(error.code as DoctorError['code'], error.message, { hint: error.hint }),
    problems: scenario?.problems ?? [],
    warnings: scenario?.warnings ?? [],
    summary: scenario?.headline ?? '',
    exitCode: run.exitCode,
  };
}
