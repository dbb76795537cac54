import { parseGatewayEvidence } from '../../../src/probes/gateway/gateway-evidence.js';
import { edited, printedBy } from './printed.js';

export type Edits = Parameters<typeof edited>[1];

/** What is read of a family's text, for a node called r. */
export function factsOf(family: string, edits: Edits = []) {
  const { facts, missing } = parseGatewayEvidence(edited(printedBy(family), edits), 'r');
  const [links = [], routes = [], neighbours = []] = [facts.links?.['r'], facts.routes?.['r'], facts.neighbours?.['r']];
  const firewall = facts.firewall?.['r'] ?? { readable: [], chains: [], rules: [] };
  return {
    links,
    routes,
    neighbours,
    firewall,
    rules: facts.rules?.['r'],
    sysctls: facts.sysctls?.['r'] ?? {},
    missing,
  };
}

/** The names of the links towards the LAN and the internet, and of a VLAN. */
export const LINKS: Readonly<Record<string, readonly [lan: string, wan: string, vlan: string]>> = {
  openwrt: ['br-lan', 'eth1', 'br-lan.30'],
  edgeos: ['eth1', 'eth0', 'eth1.30'],
  routeros: ['bridge', 'ether1', 'guests_at_home'],
  pfsense: ['em1', 'em0', 'em1.30'],
  cisco: ['GigabitEthernet0/0', 'GigabitEthernet0/1', 'GigabitEthernet0/0.30'],
};
