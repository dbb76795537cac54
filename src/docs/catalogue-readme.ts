import { code, markdownTable } from '../markdown.js';
import { mobyTests } from './moby-tests.js';
import type { LoadedScenario } from '../scenario/load.js';
import { type JsonSchema, type ScenarioFile, scenarioJsonSchema } from '../scenario/schema/schema.js';

/** `scenarios/README.md`: the scenarios that come with the tool and the format they are written in. Pure. */
export function scenariosReadme(scenarios: readonly LoadedScenario[]): string {
  const files = scenarios.map(({ scenario }) => scenario).sort((a, b) => (a.id < b.id ? -1 : 1));
  const overview = files.map((file) => [`[${file.id}](${file.id}.yaml)`, file.title, faultsOf(file), findsOf(file)]);
  return [
    '# Scenarios',
    '<!-- Generated from the scenario files and their schema by `make generate`. Edit those. -->',
    'A scenario says what to create, which faults to inject, and what must then be observed and diagnosed. Run one by its id, or files and directories of your own: `ipvlan-doctor run ID|FILE|DIR…`.',
    markdownTable(['scenario', 'what it is about', 'injected fault', 'must be found'], overview),
    '## What moby asserts itself',
    "The tests moby has for IPvlan (`integration/network/ipvlan`) use dummy links, so that nothing outside answers. What they assert is asked again here, on a network that is there. The lab's engine is Docker 26.1.",
    mobyTests(),
    '## Write your own',
    'Copy [example-free-form.yaml](example-free-form.yaml). The name of the file is its `id`. What you leave out is derived: without `site` you get the network of the article, without `checks` the default checks, and without `diagnosis` any cause may be found. Unknown keys and contradictions are reported with line and column before Docker is used.',
    'Nodes that `from`, `to` and `on` may name are the containers, `host`, `gateway`, `internet` and the peers; `on` may also name `switch`, and `to` an address or a DNS name. The gateway has `lan0` and `wan0` and its NAT is the nftables table `ip site_nat`; peers and internet have `eth0`; the switch has the bridge `br0` with a port `p-NODE` for each node.',
    'For completion in an editor begin the file with `# yaml-language-server: $schema=` and the path of [scenario.schema.json](scenario.schema.json), which `ipvlan-doctor schema` prints too.',
    '## Fields',
    markdownTable(['field', 'what it means'], fieldRows(scenarioJsonSchema(), '')),
  ]
    .join('\n\n')
    .concat('\n');
}

/** `scenarios/scenario.schema.json`, for editors. */
export function scenarioSchemaFile(): string {
  return `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`;
}

function faultsOf({ faults = [] }: ScenarioFile): string {
  const named = faults.map((fault) => {
    if (typeof fault === 'string') return code(fault);
    return 'fault' in fault ? code(fault.fault) : `a command on ${fault.on}`;
  });
  return named.join(', ') || 'nothing';
}

function findsOf({ diagnosis }: ScenarioFile): string {
  if (!diagnosis) return 'not said';
  return diagnosis.map(code).join(', ') || 'nothing';
}

/** One row per key, in the order of the schema; `[]` marks a list. */
function fieldRows(schema: JsonSchema, prefix: string): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const own = value.description
      ? [[code(path), `${value.description}${isRequired(schema, key) ? ' Required.' : ''}`]]
      : [];
    return [...own, ...inner(value).flatMap(({ below, mark }) => fieldRows(below, `${path}${mark}.`))];
  });
}

function isRequired({ required }: JsonSchema, key: string): boolean {
  return required?.includes(key) ?? false;
}

/** The mappings directly below: the value itself, its union's branches, its list's items. */
function inner(schema: JsonSchema): readonly { readonly below: JsonSchema; readonly mark: string }[] {
  const branches = [schema, ...(schema.anyOf ?? [])];
  const mappings = branches.filter(({ properties }) => properties);
  return [
    // What one of two kinds of mapping requires, the other forbids.
    ...mappings.map((below) => ({ below: mappings.length > 1 ? { ...below, required: [] } : below, mark: '' })),
    ...branches.flatMap(({ items }) =>
      items ? inner(items).map(({ below, mark }) => ({ below, mark: `[]${mark}` })) : [],
    ),
  ];
}
