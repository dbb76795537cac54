import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { renderJunit } from '../../../src/report/reporters/junit.js';
import { renderMarkdown } from '../../../src/report/reporters/markdown.js';
import { githubAnnotations, githubSummary } from '../../../src/report/reporters/github.js';
import { renderSarif } from '../../../src/report/reporters/sarif.js';
import { renderTap } from '../../../src/report/reporters/tap.js';
import { resultJson } from '../../../src/report/json.js';
import { resultSchema } from '../../../src/report/schema.js';
import type { ScenarioResult } from '../../../src/report/result.js';
import { check, healthy, result, withoutReturnRoute } from '../results.js';

const ESCAPE = String.fromCharCode(27);
const NASTY = `${ESCAPE}[31m<script>&"'\`|@me #1\n::error::x%0A\u0000\u0007]]> -->`;

/** A scenario that failed by an unexpected cause, at a line of its file. */
function failed(change: Partial<ScenarioResult> = {}): ScenarioResult {
  const scenario = withoutReturnRoute({ verdict: 'fail', file: 'scenarios/a b.yaml', expectedCauses: [] });
  return { ...scenario, checks: scenario.checks.map((one) => ({ ...one, verdict: 'fail' as const })), ...change };
}

const skipped = healthy({ id: 'elsewhere', verdict: 'skipped', reason: 'not here', checks: [] });
const broken = healthy({
  id: 'broken',
  verdict: 'broken',
  reason: 'some checks could not be asked',
  checks: [check({ verdict: 'broken', observed: 'unknown', said: ['nc: not found'] })],
});
const nasty = failed({
  id: NASTY,
  title: NASTY,
  headline: NASTY,
  reason: NASTY,
  warnings: [NASTY],
  unexplained: [NASTY],
});
const everything = result([healthy(), failed(), skipped, broken, nasty]);
const RENDERERS = {
  junit: renderJunit,
  markdown: renderMarkdown,
  sarif: renderSarif,
  tap: renderTap,
  'github annotations': githubAnnotations,
  'github summary': githubSummary,
};

describe('every reporter', () => {
  for (const [name, render] of Object.entries(RENDERERS)) {
    it(`${name}: lets no control byte or escape sequence of a result through`, () => {
      const text = (any: string) => render(result([failed({ id: any, headline: any, reason: any, warnings: [any] })]));
      const controls = new RegExp(`[${String.fromCharCode(0)}-\\t\\u000b-\\u001f\\u007f-\\u009f]`);
      fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => !controls.test(text(any))));
      expect(render(everything)).not.to.match(controls);
    });

    it(`${name}: gives the same text for the same result`, () =>
      expect(render(everything)).to.equal(render(everything)));
  }
});

describe('JUnit', () => {
  it('has a suite for each scenario and a case for each check, with the cause as the failure’s type', () => {
    const xml = renderJunit(everything);
    expect(xml).to.include('<testsuite name="first-attempt" tests="1" failures="1" errors="0" skipped="0"');
    expect(xml).to.include('classname="ipvlan-doctor.first-attempt" name="webapp&gt;google.com/icmp"');
    expect(xml).to.include('<failure type="gateway-missing-return-route" message="webapp (192.168.10.10) cannot reach');
    expect(xml).to.include('fix, on gateway:\n  ip route replace 192.168.10.0/24 via 192.168.0.2');
    expect(xml).to.include('<skipped type="skipped" message="not here">');
    expect(xml).to.match(/<error type="broken" [^>]*>[^<]*said: nc: not found/);
  });

  it('counts what a scenario failed by as a whole, when every check passed', () => {
    const xml = renderJunit(result([healthy({ verdict: 'fail', reason: 'expected and not found: x' })]));
    expect(xml)
      .to.include('tests="2" failures="1"')
      .and.include('type="diagnosis" message="expected and not found: x"');
  });

  it('says what stopped the run', () => {
    const error = { code: 'LAB_FAILED', message: 'It did not start', hint: undefined };
    expect(renderJunit(result([], { error }))).to.include('<error type="LAB_FAILED" message="It did not start">');
  });

  it('escapes what is XML’s own', () => {
    const xml = renderJunit(everything).replaceAll(/<\/?[a-z?][^<>]*>/g, '');
    expect(xml).not.to.match(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  });
});

describe('TAP', () => {
  it('has a plan, points, reasons for skips, and YAML where it failed', () => {
    const tap = renderTap(result([healthy(), failed(), skipped]));
    expect(tap).to.match(/^TAP version 14\n1\.\.3\nok 1 - healthy: webapp>google\.com\/icmp\nnot ok 2 /);
    expect(tap).to.include('ok 3 - elsewhere: the scenario as a whole # SKIP not here');
    const block = /\n {2}---\n(.*?)\n {2}\.\.\./s.exec(tap)?.[1] ?? '';
    expect(parse(block)).to.include({ cause: 'gateway-missing-return-route', verdict: 'fail' });
  });

  it('lets no text become a directive', () => {
    expect(renderTap(result([nasty]))).not.to.match(/^not ok [^\n]*[^\\]# ?1/m);
  });
});

describe('Markdown', () => {
  it('tells it in the reader’s order: what is broken, where, the fix', () => {
    const text = renderMarkdown(result([failed()]));
    const places = ['cannot reach google.com', '```mermaid', 'ip route replace 192.168.10.0/24', '1 checks'].map(
      (part) => text.indexOf(part),
    );
    expect(places)
      .to.deep.equal([...places].sort((a, b) => a - b))
      .and.not.include(-1);
  });

  it('keeps untrusted text from being HTML, a table cell, a mention, or the end of a block', () => {
    const text = renderMarkdown(result([failed(), nasty]));
    expect(text)
      .not.to.include('<script>')
      .and.not.match(/[^\\]\|@/)
      .and.not.include('@me');
    const fence = failed();
    const causes = fence.causes.map((cause) => ({
      ...cause,
      remedies: [
        {
          title: 't',
          use: 'run' as const,
          proof: 'verified' as const,
          commands: [{ on: 'host', run: 'a ``` b', undo: undefined }],
        },
      ],
    }));
    expect(renderMarkdown(result([{ ...fence, causes }]))).to.include('````sh\na ``` b\n````');
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly locations: readonly {
        physicalLocation?: { artifactLocation: { uri: string }; region: { startLine: number } };
      }[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }[];
}

describe('SARIF', () => {
  const [run] = (JSON.parse(renderSarif(result([failed()]))) as Sarif).runs;
  const [first] = run?.results ?? [];

  it('has a rule for each cause, and a result at the line of the scenario', () => {
    expect(run?.tool.driver.rules.map(({ id }) => id)).to.deep.equal([
      'gateway-missing-return-route',
      'unexplained',
      'not-as-expected',
    ]);
    expect(first).to.include({ ruleId: 'gateway-missing-return-route', level: 'error' });
    expect(first?.locations[0]?.physicalLocation).to.deep.equal({
      artifactLocation: { uri: 'scenarios/a%20b.yaml' },
      region: { startLine: 12 },
    });
  });

  it('knows a result again that another run found', () => {
    const [other] = (JSON.parse(renderSarif(result([failed({ headline: 'x', timing: [] })]))) as Sarif).runs;
    expect(other?.results[0]?.partialFingerprints).to.deep.equal(first?.partialFingerprints);
  });

  it('raises no alarm for a cause that its scenario expects', () => {
    const expected = failed({ expectedCauses: ['gateway-missing-return-route'] });
    const [calm] = (JSON.parse(renderSarif(result([expected]))) as Sarif).runs;
    expect(calm?.results[0]?.level).to.equal('note');
  });
});

describe('GitHub', () => {
  it('annotates a cause once, however many scenarios it broke', () => {
    const text = githubAnnotations(result([failed(), failed({ id: 'second' }), failed({ id: 'third' })]));
    expect(text.trim().split('\n')).to.have.length(1);
    expect(text).to.match(/^::error file=scenarios\/a b\.yaml,line=12,title=The gateway has no route/);
    expect(text).to.include('%0AAlso in second, third.');
  });

  it('stays below ten annotations of a kind', () => {
    const many = Array.from({ length: 30 }, (_, index) => healthy({ id: `s${index}`, verdict: 'fail', reason: 'r' }));
    expect(githubAnnotations(result(many)).trim().split('\n')).to.have.length(10);
  });

  it('lets no text begin a command of its own', () => {
    for (const line of githubAnnotations(everything).trim().split('\n'))
      expect(line).to.match(/^::(?:error|warning|notice) /);
  });

  it('says nothing where everything went as it should', () => {
    expect(githubAnnotations(result([healthy(), withoutReturnRoute()]))).to.equal('');
  });

  it('keeps its summary below a mebibyte, those that failed first', () => {
    const long = 'word '.repeat(4000);
    const many = Array.from({ length: 120 }, (_, index) => healthy({ id: `s${index}`, warnings: [long] }));
    const summary = githubSummary(result([...many, failed()]));
    expect(Buffer.byteLength(summary)).to.be.below(1_048_576);
    expect(summary).to.match(/\d+ more in the report\.\n$/);
    expect(summary.indexOf('## ✘ first-attempt')).to.be.greaterThan(0).and.below(summary.indexOf('## ✔ s0'));
  });
});

describe('the schema of a result', () => {
  it('takes what is written', () => {
    expect(resultSchema.safeParse(JSON.parse(resultJson(everything))).error).to.equal(undefined);
  });
});
