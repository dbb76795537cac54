import { expect } from 'chai';
import type { Evidence } from '../../../src/evidence/evidence.js';
import { evidenceJson, parseEvidence } from '../../../src/evidence/file.js';
import type { Firewall, Link } from '../../../src/evidence/facts.js';
import { writePcap } from '../../../src/evidence/pcap-file.js';
import type { Result } from '../../../src/report/result.js';
import { redactContents } from '../../../src/workflows/bundle/redact-contents.js';
import { recorded } from '../../diagnosis/situation.js';

/** What a text says and which part of it must not survive, in any case of its letters. */
type Mark = readonly [said: string, ...originals: readonly string[]];

/** Texts that tools print, each with an original that could tell whose network it is. */
const SAID: Readonly<Record<string, Mark>> = {
  'the host of a URL': ['curl: (7) http://intranet1:8080/status failed', 'intranet1'],
  'the domain of a URL': ['see https://wiki.acmecorp.example/net', 'acmecorp'],
  'the host of a URL with a user': ['tcp://alice9:pw9@vault1:2375 is closed', 'alice9', 'pw9', 'vault1'],
  'a user and a host': ['ssh: connect with bob77@jump1 failed', 'bob77', 'jump1'],
  'a mail address': ['contact carol5@mail.acmecorp.example', 'carol5', 'acmecorp'],
  'a prompt': ['dave3@labhost3:~$ ip link', 'dave3', 'labhost3'],
  'a host that ping names': ['PING printer7 (192.168.0.77) 56(84) bytes of data.', 'printer7', '192.168.0.77'],
  'a host that did not resolve': ['ping: scanner8: Name or service not known', 'scanner8'],
  'a host that wget did not find': ["wget: bad address 'camera4'", 'camera4'],
  'a host that curl did not find': ['curl: (6) Could not resolve host: heater2', 'heater2'],
  'a host that sent an error': ['From edge55 (192.168.0.55) icmp_seq=1 Destination Host Unreachable', 'edge55'],
  'a host in capitals': ['Linux NASBOX6 6.1.0-18-amd64 #1 SMP', 'NASBOX6'],
  'the short form of a name with a domain': ['nas61.home.arpa is up; nas61 answers', 'nas61', 'home.arpa'],
  'a home directory': ['cannot open /home/erin12/net.sh', 'erin12'],
  'a home directory of macOS': ['"/Users/frank8/lan.pcap" is missing', 'frank8'],
  'a home directory of Windows': ['C:\\Users\\gina44\\lan.txt', 'gina44'],
  'an SSID': ['wlan0 IEEE 802.11 ESSID:"Acme Guest 5"', 'Acme Guest'],
  'an SSID as iw prints it': ['ssid Blue Heron Office', 'Blue Heron'],
  'an SSID as a setting': ['SSID=redfox_iot', 'redfox'],
  'a MAC address without separators': ['switch port of 001122334455 is shut', '001122334455'],
  'a MAC address as Cisco writes it': ['0011.22aa.4456 DYNAMIC Gi0/1', '0011.22aa.4456'],
  'a MAC address as Windows writes it': ['Physical Address: 00-11-22-33-44-57', '00-11-22-33-44-57'],
  'a MAC address in capitals': ['HWaddr:00:11:22:AA:44:58', '00:11:22:aa:44:58'],
  'a MAC address before a colon': ['00:11:22:33:44:59: no reply', '00:11:22:33:44:59'],
  'a MAC address without zeros': ['ether 0:11:22:33:4a:5', '0:11:22:33:4a:5'],
  'a client id of DHCP': ['client 01:00:11:22:33:44:60 asks', '00:11:22:33:44:60'],
  'a NIC named after its MAC address': ['enx00112233445a: link is not ready', '00112233445a'],
  'an address with leading zeros': ['192.168.001.010 is in use', '192.168.001.010', '192.168.1.10'],
  'a hexadecimal address': ['u32 match 0xC0A80021 at 16', 'c0a80021'],
  'an address of /proc/net/route': ['enp0s3 00000000 2100A8C0 0003 0 0 0 00000000', '2100a8c0'],
  'an address of /proc/net/if_inet6': ['FD1200000000000002112233445566AA 02 40 00', '2112233445566aa'],
  'an address with dashes': ['ip-192-168-7-33 is the name', '192-168-7-33'],
  'an IPv6 address before a colon': ['From fd12:34::77: Destination unreachable', '34::77'],
  'an IPv6 address after a word': ['inet6 addr:fd12:34::78/64', '34::78'],
  'the first bytes of an address': ['192.168.77.x answers', '192.168.77'],
  'an interface': ['bind to dev acmewan2 failed', 'acmewan2'],
  'a machine’s id': ['id 550e8400-e29b-41d4-a716-446655440000', '550e8400', '446655440000'],
};

const PLACES = Object.entries(SAID);

function evidenceWithMarks(): Evidence {
  const was = recorded('article-first-attempt');
  const { links = {}, firewall = {}, sysctls = {} } = was.facts;
  const [probe, ...probes] = was.probes;
  const said = PLACES.map(([, [text]]) => text);
  const extra = ['acmelan3', 'enx0011223344ee'].map((name, at): Link => {
    return { ...(links['host'] as [Link])[0], name, index: 90 + at, mac: '00:11:22:33:44:ee', addresses: [] };
  });
  const outcome = { ...probe?.outcome, kind: 'attempts', sent: 5, arrived: 0, said, answers: [] };
  return {
    ...was,
    origin: 'synthetic',
    facts: {
      ...was.facts,
      links: { ...links, host: [...(links['host'] ?? []), ...extra] },
      sysctls: { ...sysctls, host: { ...sysctls['host'], 'net.ipv4.conf.acmelan3.rp_filter': '1' } },
      firewall: { ...firewall, host: withRules(firewall['host'] as Firewall) },
    },
    probes: [{ ...probe, outcome } as Evidence['probes'][number], ...probes],
    missing: [...was.missing, ...said.map((reason) => ({ fact: 'routes' as const, node: 'gateway', reason }))],
  };
}

const CHAINS = ['ACMEOUT', 'fw-acmein', 'DOCKER-ACMEDMZ', 'f2b-acmessh', 'filter_IN_acmezone_deny'];

function withRules(firewall: Firewall): Firewall {
  const inTable = { backend: 'nftables', family: 'inet', table: 'acmetable' } as const;
  const text = [
    'iifname "acmewan3" ip saddr @acmeset counter jump ACMEOUT',
    'iifname vmap { "acmelan3" : jump fw-acmein, "acmelan4" : goto filter_IN_acmezone_deny }',
    '-A DOCKER-ACMEDMZ -i acmelan5 -m set --match-set acmeipset src -j f2b-acmessh',
  ];
  const rules = text.map((one, handle) => ({ chain: 'ACMEOUT', handle, text: one, verdict: undefined, packets: 0 }));
  const base = { hook: undefined, priority: undefined, policy: undefined, policyPackets: undefined };
  const sets = [{ family: 'inet', table: 'acmetable', name: 'acmeset', elements: ['acmelan6', '192.168.0.61'] }];
  return {
    ...firewall,
    chains: [...firewall.chains, ...CHAINS.map((chain) => ({ ...inTable, ...base, chain }))] as Firewall['chains'],
    rules: [...firewall.rules, ...rules.map((rule) => ({ ...inTable, ...rule }))] as Firewall['rules'],
    sets: [...(firewall.sets ?? []), ...sets] as NonNullable<Firewall['sets']>,
  };
}

const IN_FACTS = ['acmewan3', 'acmelan', 'acmeset', 'acmeipset', 'acmetable', '0011223344ee', '00:11:22:33:44:ee']
  .concat(['ACMEOUT', 'acmein', 'ACMEDMZ', 'acmessh', 'acmezone'])
  .concat('192.168.0.61');

/** A run that failed early: its sentences are kept, because they come from no diagnosis. */
function resultWithMarks(): Result {
  const warnings = [
    ...PLACES.map(([, [text]]) => text),
    'chain ACMEOUT of table inet acmetable drops, acmeset is full',
  ];
  return {
    $schema: '',
    schemaVersion: '1.3.0',
    tool: { name: 'ipvlan-doctor', version: '0' },
    run: { id: 'x', verb: 'diagnose', startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:00:01Z', exitCode: 1 },
    environment: undefined,
    scenarios: [],
    cleanup: { state: 'incomplete', left: warnings },
    error: { code: 'INTERNAL', message: warnings.join('\n'), hint: warnings.at(-1) },
    timing: [],
  };
}

describe('marked originals', () => {
  const evidence = new Map([['marks', parseEvidence(evidenceJson(evidenceWithMarks()), 'marks')]]);
  const redacted = redactContents({ result: resultWithMarks(), evidence, captures: new Map() }, () => Buffer.from('k'));
  const facts = JSON.stringify([...redacted.contents.evidence.values()]).toLowerCase();
  const result = JSON.stringify(redacted.contents.result).toLowerCase();

  it('names of captures hold no marked original', () => {
    const marked = evidenceWithMarks();
    const [capture, ...others] = marked.facts.captures ?? [];
    const captures = [{ ...capture, device: 'acmelan3', file: 'host-acmelan3.pcap' }, ...others] as typeof others;
    const own = new Map([['marks', { ...marked, facts: { ...marked.facts, captures } }]]);
    const file = new Map([['marks/captures/host-acmelan3.pcap', writePcap([])]]);
    const { contents } = redactContents({ result: undefined, evidence: own, captures: file }, () => Buffer.from('k'));
    const renamed = contents.evidence.get('marks')?.facts.captures?.[0]?.file;
    expect([...contents.captures.keys()]).to.deep.equal([`marks/captures/${renamed}`]);
    expect(renamed).to.match(/^host-link\d\d-3\.pcap$/);
  });

  for (const [place, [, ...originals]] of PLACES)
    it(`redacted contents hold no marked original as ${place}`, () => {
      const survivors = (text: string) => originals.filter((one) => text.includes(one.toLowerCase()));
      expect({ facts: survivors(facts), result: survivors(result) }).to.deep.equal({ facts: [], result: [] });
    });

  for (const original of IN_FACTS)
    it(`redacted contents do not hold the name ${original} of a fact`, () => {
      expect(facts).not.to.include(original.toLowerCase());
      expect(result).not.to.include(original.toLowerCase());
    });
});
