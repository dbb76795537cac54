import { createHash } from 'node:crypto';
import type { CauseResult, Result, ScenarioResult } from '../result.js';
import { invocation } from './sarif-invocation.js';
import { json, plain, plainLines, printable, webAddress } from '../../printable.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const UNEXPLAINED = 'unexplained';
const NOT_AS_EXPECTED = 'not-as-expected';

/** SARIF 2.1.0: a rule for each cause, a result where it was found, at the line of the scenario that asked. */
export function renderSarif(result: Result): string {
  const told = printable(result);
  const { scenarios, tool } = told;
  const causes = new Map(scenarios.flatMap((one) => one.causes.map((cause) => [cause.id, cause] as const)));
  const rules = [...causes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(rule);
  const results = scenarios.flatMap(resultsOf);
  const driver = { name: tool.name, version: tool.version, rules: [...rules, ...OWN_RULES] };
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver }, invocations: [invocation(told)], results }],
  };
  return json(log);
}

/** For what fails without a cause of its own. */
const OWN_RULES = [
  { id: UNEXPLAINED, shortDescription: { text: 'A check fails for a reason no known cause explains' } },
  { id: NOT_AS_EXPECTED, shortDescription: { text: 'A scenario ended otherwise than it should' } },
];

/** A scenario that failed is an alarm in any case: at least as a whole. */
function resultsOf(scenario: ScenarioResult): readonly object[] {
  const { verdict, reason, headline, checks } = scenario;
  const found = [...scenario.causes.map((cause) => causeResult(cause, scenario)), ...unexplained(scenario)];
  const told = found.some(({ level }) => level !== 'note') || (verdict !== 'fail' && verdict !== 'flaky');
  if (told) return found;
  const text = `${scenario.id}: ${verdict}: ${reason ?? headline}`;
  const explains = checks.filter((check) => check.verdict === verdict).map(({ id }) => id);
  return [...found, foundIn(scenario, { ruleId: NOT_AS_EXPECTED, level: 'error', text, explains })];
}

function rule({ id, title, background, see, kind }: CauseResult): object {
  const helpUri = see.map(webAddress).find((url) => url !== undefined);
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: background },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: LEVELS[kind] },
  };
}

const LEVELS: Readonly<Record<CauseResult['kind'], string>> = {
  fault: 'error',
  'by-design': 'warning',
  informational: 'note',
};

/** A cause that a scenario expects is what it is for, not an alarm. */
function causeResult(cause: CauseResult, scenario: ScenarioResult): SarifResult {
  const expected = scenario.expectedCauses?.includes(cause.id) ?? false;
  const fix = cause.remedies[0]?.commands.flatMap(({ on, run }) => [`Fix, on ${on}:`, `    ${run}`]) ?? [];
  const text = plainLines([cause.explanation, ...fix].join('\n'));
  const level = expected ? 'note' : LEVELS[cause.kind];
  return foundIn(scenario, { ruleId: cause.id, level, text, explains: cause.explains });
}

function unexplained(scenario: ScenarioResult): readonly SarifResult[] {
  return scenario.unexplained.map((id) => {
    const text = plain(`${id} fails for a reason no known cause explains.`);
    return foundIn(scenario, { ruleId: UNEXPLAINED, level: 'error', text, explains: [id] });
  });
}

interface Finding {
  readonly ruleId: string;
  readonly level: string;
  readonly text: string;
  readonly explains: readonly string[];
}

interface SarifResult extends Pick<Finding, 'ruleId' | 'level'> {
  readonly message: object;
  readonly locations: readonly object[];
  readonly partialFingerprints: object;
}

function foundIn({ id, file, checks }: ScenarioResult, { ruleId, level, text, explains }: Finding): SarifResult {
  const line = checks.find((check) => explains.includes(check.id))?.line;
  const key = [ruleId, id, ...[...explains].sort()].join('\n');
  return {
    ruleId,
    level,
    message: { text },
    locations: [
      {
        ...(file === undefined
          ? {}
          : { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line ?? 1 } } }),
        logicalLocations: [{ fullyQualifiedName: plain(id), kind: 'scenario' }],
      },
    ],
    partialFingerprints: { 'ipvlanDoctor/v1': createHash('sha256').update(key).digest('hex') },
  };
}

/** A colon would make what stands before it a scheme. */
function uriOf(file: string): string {
  return encodeURI(file.replaceAll('\\', '/')).replaceAll(/[?#:]/g, encodeURIComponent);
}
