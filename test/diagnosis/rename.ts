import type { Situation } from './situation.js';

/** The names in a situation that Docker, Linux or the writer of an archive chooses, each once. */
export function namesOf({ facts, probes }: Situation): readonly string[] {
  const { nodes = [], networks = [], containers = [], refusals = [], links = {}, firewall = {} } = facts;
  const asked = [...networks, ...refusals.flatMap((one) => one.networks)];
  const all = [
    ...asked.flatMap(({ name, parent }) => [name, ...(parent === undefined ? [] : [parent])]),
    ...[...containers, ...nodes].map(({ name }) => name),
    ...Object.values(links).flatMap((own) => own.map(({ name }) => name)),
    ...Object.values(firewall).flatMap((one) => one.chains.flatMap(({ table, chain }) => [table, chain])),
    ...probes.flatMap(({ to }) => to.name ?? []),
  ];
  return [...new Set(all)].filter((name) => !KNOWN.has(name));
}

/** Names with a meaning of their own: of loopback, of tables and chains of iptables, of addresses asked by name. */
const KNOWN: ReadonlySet<string> = new Set([
  '',
  'lo',
  'filter',
  'nat',
  'mangle',
  'raw',
  'INPUT',
  'OUTPUT',
  'FORWARD',
  'POSTROUTING',
]);

/** Keys whose values are our own words, which may be a name as well. */
const WORDS: ReadonlySet<string> = new Set([
  'kind',
  'hook',
  'type',
  'family',
  'driver',
  'mode',
  'protocol',
  'way',
  'verdict',
]);

/** The situation as it were if everything had other names, everywhere it is named. */
export function renamed(situation: Situation, to: (at: number) => string): Situation {
  const names = new Map(namesOf(situation).map((name, at) => [name, to(at)]));
  const rename = (data: unknown, under = ''): unknown => {
    if (WORDS.has(under)) return data;
    if (typeof data === 'string') return names.get(data) ?? inRules(data, names);
    if (Array.isArray(data)) return data.map((item) => rename(item));
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [names.get(key) ?? key, rename(value, key)]));
  };
  const [probes, facts] = [rename(situation.probes), rename(situation.facts)];
  return { ...situation, origin: 'synthetic', probes, facts } as Situation;
}

/** Rules name links in quotes. */
function inRules(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/"([^"]*)"/g, (whole, name: string) => (names.has(name) ? `"${names.get(name)}"` : whole));
}
