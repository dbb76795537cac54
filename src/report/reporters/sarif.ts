import { createHash } from 'node:crypto';
import type { CauseResult, Result, ScenarioResult } from '../result.js';
import { json, plain, plainLines, printable, webAddress } from '../../printable.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const UNEXPLAINED = 'unexplained';

/** SARIF 2.1.0: a rule for each cause, a result where it was found, at the line of the scenario that asked. */
export function renderSarif(result: Result): string {
  const { scenarios, tool } = printable(result);
  const causes = new Map(scenarios.flatMap((one) => one.causes.map((cause) => [cause.id, cause] as const)));
  const rules = [...causes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(rule);
  const results = scenarios.flatMap((scenario) => [
    ...scenario.causes.map((cause) => causeResult(cause, scenario)),
    ...unexplained(scenario),
  ]);
  const driver = { name: tool.name, version: tool.version, rules: [...rules, UNEXPLAINED_RULE] };
  const log = { $schema: SCHEMA, version: '2.1.0', runs: [{ tool: { driver }, results }] };
  return json(log);
}

const UNEXPLAINED_RULE = {
  id: UNEXPLAINED,
  shortDescription: { text: 'A check fails for a reason no known cause explains' },
};

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
function causeResult(cause: CauseResult, scenario: ScenarioResult): object {
  const expected = scenario.expectedCauses?.includes(cause.id) ?? false;
  const fix = cause.remedies[0]?.commands.flatMap(({ on, run }) => [`Fix, on ${on}:`, `    ${run}`]) ?? [];
  const text = plainLines([cause.explanation, ...fix].join('\n'));
  return found(
    { ruleId: cause.id, level: expected ? 'note' : LEVELS[cause.kind], text, explains: cause.explains },
    scenario,
  );
}

function unexplained(scenario: ScenarioResult): readonly object[] {
  return scenario.unexplained.map((id) => {
    const text = plain(`${id} fails for a reason no known cause explains.`);
    return found({ ruleId: UNEXPLAINED, level: 'error', text, explains: [id] }, scenario);
  });
}

interface Finding {
  readonly ruleId: string;
  readonly level: string;
  readonly text: string;
  readonly explains: readonly string[];
}

function found({ ruleId, level, text, explains }: Finding, { id, file, checks }: ScenarioResult): object {
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
