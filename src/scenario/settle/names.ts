import type { ScenarioFile } from '../schema/schema.js';
import type { Problems } from '../problems.js';
import type { Path } from '../source.js';

/** Names of nodes that every plan has. */
const FIXED = ['host', 'gateway', 'internet', 'switch'];

/** Networks every Docker Engine has. */
const DOCKERS_NETWORKS = ['bridge', 'host', 'none'];

/** The peer a site has when it states none. */
export const DEFAULT_PEER = 'laptop';

/** Reports names that two nodes or two networks would share. */
export function checkNames({ site, networks, containers }: ScenarioFile, problems: Problems): void {
  const peers =
    site === undefined || site === 'real' || site.peers === undefined ? [{ name: DEFAULT_PEER }] : site.peers;
  const nodes = new Map(FIXED.map((name) => [name, `the site's node "${name}"`]));
  const claim = (name: string, what: string, path: Path) => {
    const owner = nodes.get(name);
    if (owner) problems.add(path, `The name ${name} is taken by ${owner}. Call this ${what} otherwise.`);
    else nodes.set(name, `another ${what}`);
  };
  for (const [index, { name }] of peers.entries()) claim(name, 'peer', ['site', 'peers', index, 'name']);
  for (const [index, { name }] of containers.entries()) claim(name, 'container', ['containers', index, 'name']);

  const taken = new Set(DOCKERS_NETWORKS);
  for (const [index, { name }] of networks.entries()) {
    const owner = DOCKERS_NETWORKS.includes(name) ? 'Docker itself' : 'another network';
    if (taken.has(name)) problems.add(['networks', index, 'name'], `The name ${name} is taken by ${owner}.`);
    taken.add(name);
  }
}
