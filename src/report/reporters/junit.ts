import type { Result, ScenarioResult, Verdict } from '../result.js';
import { plain, printable } from '../../printable.js';
import { secondsOf } from '../words.js';
import { casesOf, casesOfRun, type Case } from './cases.js';

/** JUnit's XML: one suite for each scenario, one case for each check, named so that no two are alike. */
export function renderJunit(result: Result): string {
  const told = printable(result);
  const { scenarios, run } = told;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ipvlan-doctor ${xml(run.verb)}">`,
    ...scenarios.map(suite),
    ...ofRun(casesOfRun(told)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(scenario: ScenarioResult): string {
  const cases = casesOf(scenario);
  const count = (...verdicts: readonly Verdict[]) => cases.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const numbers = `tests="${cases.length}" failures="${count('fail', 'flaky')}" errors="${count('broken')}" skipped="${count('skipped')}"`;
  return [
    `  <testsuite name="${xml(scenario.id)}" ${numbers} time="${secondsOf(scenario)}">`,
    ...cases.map((one) => testCase(one, scenario.id)),
    `    <system-out>${xml(scenario.headline)}</system-out>`,
    '  </testsuite>',
  ].join('\n');
}

function testCase({ name, verdict, type, message, details }: Case, id: string): string {
  const open = `    <testcase classname="ipvlan-doctor.${xml(id)}" name="${xml(name)}"`;
  const element = ELEMENTS[verdict];
  if (element === undefined) return `${open}/>`;
  const said = details.map(xml).join('\n');
  return `${open}>\n      <${element} type="${xml(type)}" message="${xml(message)}">${said}</${element}>\n    </testcase>`;
}

const ELEMENTS: Readonly<Record<Verdict, string | undefined>> = {
  pass: undefined,
  fail: 'failure',
  flaky: 'failure',
  broken: 'error',
  skipped: 'skipped',
};

function ofRun(cases: readonly Case[]): readonly string[] {
  if (cases.length === 0) return [];
  const numbers = `tests="${cases.length}" failures="0" errors="${cases.length}" skipped="0" time="0"`;
  return [
    `  <testsuite name="the run itself" ${numbers}>`,
    ...cases.map((one) => testCase(one, 'run')),
    '  </testsuite>',
  ];
}

/** Text for XML: what a program may not print is left out, what XML may not hold too. */
function xml(text: string): string {
  const legal = plain(text).replaceAll(/[\uFFFE\uFFFF]|\p{Surrogate}/gu, '');
  return legal.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
