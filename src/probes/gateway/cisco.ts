import type { Firewall } from '../../evidence/facts.js';
import { listsInConfig, listsShown } from './cisco-access.js';
import { blocksIn, interfacesIn, type CiscoInterface } from './cisco-config.js';
import { ciscoFirewall } from './cisco-filter.js';
import { arpIn, briefIn, ciscoLinks, ciscoRoutes } from './cisco-tables.js';
import type { CiscoParts } from './cisco-text.js';
import { standardRules } from './ip-text.js';
import { readFacts, type RouterReading } from './router-facts.js';

/** Reads what `CISCO_COMMAND` printed. */
export function readCisco(parts: CiscoParts): RouterReading {
  const blocks = blocksIn(parts.config ?? '');
  const interfaces = interfacesIn(blocks);
  const arp = arpIn(parts.arp ?? '');
  const routes = ciscoRoutes(parts.routes ?? '');
  return {
    software: 'cisco-ios',
    ...readFacts({
      links: () => {
        if (parts.config === undefined && parts.brief === undefined) throw notAsked('show ip interface brief');
        return ciscoLinks({ interfaces, brief: briefIn(parts.brief ?? ''), routes }, arp.own);
      },
      routes: () => {
        if (parts.routes === undefined) throw notAsked('show ip route');
        return routes;
      },
      rules: () => {
        const chosen = interfaces.flatMap(({ others }) => others).find((line) => /policy route-map|vrf/.test(line));
        if (chosen !== undefined) throw new Error(`"${chosen}" chooses routes there, which has no translation`);
        return standardRules(4);
      },
      neighbours: () => {
        if (parts.arp === undefined) throw notAsked('show arp');
        return arp.neighbours;
      },
      sysctls: () => {
        if (parts.config === undefined) throw notAsked('show running-config');
        return sysctls(parts.config, interfaces);
      },
      firewall: () => firewall(parts),
    }),
  };
}

function notAsked(command: string): Error {
  return new Error(`the text has no output of "${command}"`);
}

/** As Linux names them. */
function sysctls(config: string, interfaces: readonly CiscoInterface[]): Readonly<Record<string, string>> {
  return {
    'net.ipv4.ip_forward': /^no ip routing$/m.test(config) ? '0' : '1',
    ...Object.fromEntries(
      interfaces.map(({ name, reversePath }) => [
        `net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter`,
        { strict: '1', loose: '2', none: '0' }[reversePath ?? 'none'],
      ]),
    ),
  };
}

/** Which lists are at which interface only the configuration says. */
function firewall({ config, lists }: CiscoParts): Firewall {
  if (config === undefined) throw notAsked('show running-config');
  const blocks = blocksIn(config);
  const configured = listsInConfig(blocks);
  const shown = listsShown(lists ?? '');
  return ciscoFirewall({ blocks, interfaces: interfacesIn(blocks), lists: configured.size > 0 ? configured : shown });
}
