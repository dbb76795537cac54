import { expect } from 'chai';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import type { Facts, NetworkFact } from '../../src/evidence/facts.js';
import { everySituation, printedIn } from './every-situation.js';
import { change, recorded, type Situation } from './situation.js';

/** A word in capitals that the reader has to fill in; not a chain, a target or a state of iptables, nor part of an option. */
const PLACEHOLDER =
  /(?<![\w"'.:@-])(?!(?:FORWARD|INPUT|OUTPUT|POSTROUTING|ACCEPT|MASQUERADE|RELATED|ESTABLISHED)\b)[A-Z][A-Z_]{2,}\b/;
const DESTRUCTIVE = /\b(rm|del|delete|flush|destroy|disconnect|unassign\S*|revoke\S*|RESTART|-D|-F|-X|off)\b/;

describe('printed commands', () => {
  const all = [...everySituation().values()].flatMap(printedIn);
  const texts = [...new Set(all.map(({ text }) => text))];

  it('are there for every cause that has a remedy', () => {
    const without = new Set(['host-rp-filter']);
    const causes = new Set(all.map(({ cause }) => cause));
    expect(CAUSES.map(({ id }) => id).filter((id) => !causes.has(id) && !without.has(id))).to.deep.equal([]);
  });

  it('hold nothing destructive beside what the reader has to fill in', () => {
    const both = texts
      .filter((text) => !text.startsWith('#'))
      .filter((text) => PLACEHOLDER.test(text.replace(/ #.*$/, '')) && DESTRUCTIVE.test(text));
    expect(both).to.deep.equal([]);
  });

  it('change nothing before the place the reader has to fill in', () => {
    const changes = /\b(set|add|replace|del|delete|rm|create|change|insert)\b/;
    const half = texts.filter((text) => {
      const [head = '', ...tail] = text.replace(/ #.*$/, '').split(/&&|;/);
      return changes.test(head) && !PLACEHOLDER.test(head) && PLACEHOLDER.test(tail.join());
    });
    expect(half).to.deep.equal([]);
  });

  it('stand below a title that says what to do, and leaves "or" to the report', () => {
    const titles = [...new Set(all.flatMap(({ title }) => title ?? []))];
    expect(titles).to.have.length.greaterThan(100);
    expect(titles.filter((title) => /^(?:Or|And|Then)\b/.test(title) || !/^[A-Z]/.test(title))).to.deep.equal([]);
  });

  it('name nothing that is not known', () => {
    expect(texts.filter((text) => /\b(undefined|(?<!\/dev\/)null|NaN)\b|\[object/.test(text))).to.deep.equal([]);
  });
});

/** All that a network can have, besides what decides where its packets go. */
const SETTINGS: Partial<NetworkFact> = {
  ipv6: true,
  attachable: true,
  ipam: { driver: 'my-ipam', options: { pool: 'a b' } },
  labels: { 'com.example.owner': 'ops' },
};

function withSettings(situation: Situation): Situation {
  return change(situation, ({ networks = [], refusals = [] }: Partial<Facts>) => {
    const more = <Network extends Omit<NetworkFact, 'id'>>(network: Network): Network => ({
      ...network,
      ...SETTINGS,
      options: { ...network.options, 'com.example.extra': '1' },
      subnets: network.subnets.map((one) => ({ ...one, range: one.subnet, reserved: { printer: first(one.subnet) } })),
    });
    return {
      networks: networks.map(more),
      refusals: refusals.map((refusal) => ({ ...refusal, networks: refusal.networks.map(more) })),
    };
  });
}

const first = (subnet: string) =>
  (subnet.split('/')[0] ?? '').replace(/(\d|::)$/, (end) => (end === '::' ? '::9' : '9'));

describe('a network that is created again', () => {
  const created = [...everySituation()].flatMap(([name, situation]) =>
    printedIn(withSettings(situation))
      .filter(({ text }) => /docker network create -d/.test(text))
      .map((one) => ({ name, ...one })),
  );

  it('keeps its settings, its labels and its options', () => {
    const kept = ['--ipv6', '--attachable', '--ipam-driver my-ipam', "--ipam-opt 'pool=a b'"];
    const wanted = [...kept, '-o com.example.extra=1', '--label com.example.owner=ops'];
    const lacking = created.flatMap(({ name, cause, text }) =>
      /--config-from/.test(text)
        ? []
        : wanted
            .filter((one) => !text.includes(one) && !(DROPS_OPTIONS.has(cause) && one.startsWith('-o ')))
            .map((one) => [name, cause, one]),
    );
    expect(created.length).to.be.greaterThan(30);
    expect(lacking).to.deep.equal([]);
  });

  it('keeps the range and the reserved addresses of every subnet that stays', () => {
    const lost = created.filter(({ text }) => {
      const subnets = [...text.matchAll(/--subnet ([0-9a-f.:]+\/\d+)/g)].map(([, subnet]) => subnet);
      return subnets.some((subnet) => !text.includes(`--ip-range ${subnet}`) || !/--aux-address printer=/.test(text));
    });
    const given = lost.filter(({ cause }) => !MOVED.has(cause));
    expect(given.map(({ cause, text }) => `${cause}: ${text}`)).to.deep.equal([]);
  });

  it('has no gateway in a mode in which the host routes', () => {
    const routed = created.filter(({ text }) => /ipvlan_mode=l3s?\b/.test(text) && /--gateway/.test(text));
    expect(routed.map(({ text }) => text)).to.deep.equal([]);
  });

  it('has the address of the router where the evidence shows it', () => {
    const texts = printedIn(recorded('l2-wrong-gateway')).map(({ text }) => text);
    expect(texts.join('\n')).to.match(
      /docker network rm ipvlan_net && docker network create .*--gateway 192\.168\.0\.1 /,
    );
  });

  it('is not removed where the router is not known', () => {
    const unseen = change(recorded('l2-wrong-gateway'), ({ nodes = [], links = {}, routes = {} }: Partial<Facts>) => {
      const gateway = nodes.find(({ kind }) => kind === 'gateway')?.name ?? '';
      const without = <Value>(all: Readonly<Record<string, Value>>) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => name !== gateway));
      return {
        nodes: nodes.filter(({ kind }) => kind !== 'gateway'),
        links: without(links),
        routes: Object.fromEntries(
          Object.entries(without(routes)).map(([name, all]) => [name, name === 'host' ? [] : all]),
        ),
      };
    });
    const texts = printedIn(unseen).map(({ text }) => text);
    expect(texts.join('\n'))
      .to.match(/--gateway GATEWAY/)
      .and.not.to.match(/network rm/);
  });
});

/** Causes whose fix leaves options out: those of a parent that is a dummy, and those that the driver ignores. */
const DROPS_OPTIONS = new Set(['parentless-network-dummy', 'option-ignored-by-driver']);

/** Causes that give a network another subnet or range. */
const MOVED: ReadonlySet<string> = new Set([
  'broadcast-multicast-in-l3',
  'dhcp-on-ipvlan',
  'l2-subnet-not-on-parent-segment',
  // Adds the subnet that the LAN advertises.
  'slaac-not-for-static-network',
  'wrong-prefix-length',
]);
