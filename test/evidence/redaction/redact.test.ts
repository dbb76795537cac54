import { expect } from 'chai';
import fc from 'fast-check';
import type { Evidence } from '../../../src/evidence/evidence.js';
import { decodePcap } from '../../../src/evidence/pcap.js';
import { writePcap } from '../../../src/evidence/pcap-file.js';
import { redactCapture } from '../../../src/evidence/redaction/captures.js';
import { Redactor } from '../../../src/evidence/redaction/redact.js';
import { contains, familyOf, isHostAddress, isPrivate, prefixLength } from '../../../src/ip.js';
import { recorded } from '../../diagnosis/situation.js';

const KEY = Buffer.from('a key');
const SUBNETS = ['192.168.10.0/24', '10.1.0.0/16', '8.8.8.0/29', 'fd12:3456::/64'];

function isInside(address: string): boolean {
  return familyOf(address) === 4 ? isPrivate(address) : contains('fc00::/7', address);
}

/** Evidence of a container with a name, on a network with another. */
function evidenceWith(container: string, network = 'office_net'): Evidence {
  const evidence = recorded('article-first-attempt');
  const { nodes = [], networks = [] } = evidence.facts;
  const facts = {
    ...evidence.facts,
    nodes: nodes.map((node) => (node.name === 'webapp' ? { ...node, name: container } : node)),
    networks: networks.map((one) => ({ ...one, name: network })),
  };
  return { ...evidence, facts };
}

describe('redaction', () => {
  const redactor = new Redactor(KEY, [evidenceWith('payroll.db')], { values: SUBNETS });

  it('gives the same key the same tokens, and another key others', () => {
    const again = new Redactor(KEY, [evidenceWith('payroll.db')], { values: SUBNETS });
    const other = new Redactor(Buffer.from('another'), [evidenceWith('payroll.db')], { values: SUBNETS });
    expect(again.text('8.8.8.8')).to.equal(redactor.text('8.8.8.8'));
    expect(other.text('8.8.8.8')).not.to.equal(redactor.text('8.8.8.8'));
  });

  describe('redaction of addresses', () => {
    const v4 = fc.ipV4();
    const v6 = fc.ipV6().filter((text) => familyOf(text) === 6 && !text.includes('.'));
    const address = fc.oneof(v4, v6);

    it('keeps whether two share a subnet, of any length', () => {
      fc.assert(
        fc.property(address, address, fc.integer({ min: 0, max: 128 }), (a, b, length) => {
          fc.pre(familyOf(a) === familyOf(b) && length <= (familyOf(a) === 4 ? 32 : 128));
          const shares = (one: string, two: string) => contains(`${one}/${length}`, two);
          expect(shares(redactor.address(a), redactor.address(b))).to.equal(shares(a, b));
        }),
      );
    });

    it('keeps a private one private, a public one public, and special ones as they are', () => {
      fc.assert(fc.property(address, (one) => isInside(redactor.address(one)) === isInside(one)));
      for (const one of [
        '0.0.0.0/0',
        '255.255.255.255',
        '127.0.0.11',
        '224.0.0.251',
        '169.254.169.254',
        '::/0',
        '::1',
        'ff02::1',
      ])
        expect(redactor.address(one)).to.equal(one);
      expect(redactor.address('fe80::1234:5678:9abc:def0'))
        .to.match(/^fe80::/)
        .and.not.include('5678');
    });

    it('keeps first, last and gateway addresses of known subnets', () => {
      for (const subnet of SUBNETS) {
        const renamed = redactor.text(subnet);
        expect(renamed).not.to.equal(subnet);
        expect(prefixLength(renamed)).to.equal(prefixLength(subnet));
        const [first = ''] = renamed.split('/');
        expect(first).to.satisfy((text: string) => !isHostAddress(renamed, text), 'a network address');
      }
      const [net = ''] = redactor.text('192.168.10.0/24').split('.0/');
      expect(redactor.text('192.168.10.1 192.168.10.255')).to.equal(`${net}.1 ${net}.255`);
    });
  });

  it('replaces names as whole words, also at the end of a sentence', () => {
    expect(redactor.text('payroll.db>8.8.8.8/icmp')).to.match(/^container-\d>[\d.]+\/icmp$/);
    expect(redactor.text('None reaches payroll.db. The net is office_net.')).to.match(
      /^None reaches container-\d\. The net is network-1\.$/,
    );
    expect(redactor.text('payroll.dbs xpayroll.db')).not.to.include('container');
  });

  it('keeps the words of a packet filter, also when a container is called the same', () => {
    const odd = new Redactor(KEY, [evidenceWith('drop', 'ip')]);
    const rule = { chain: 'OUTPUT', text: 'ip daddr 1.1.1.1 counter drop', verdict: 'drop' };
    expect(odd.value(rule)).to.deep.equal({ ...rule, text: `ip daddr ${odd.text('1.1.1.1')} counter drop` });
  });

  it('keeps the words of the format, also when a container is called the same', () => {
    for (const name of ['links', 'name', 'address', 'facts', 'hostLinks']) {
      const evidence = evidenceWith(name);
      const redacted = new Redactor(KEY, [evidence]).evidence({
        ...evidence,
        facts: { ...evidence.facts, links: { [name]: [] } },
      });
      expect(Object.keys(redacted).sort()).to.deep.equal(Object.keys(evidence).sort());
      expect(Object.keys(redacted.facts.links ?? {}).join()).to.match(/^container-\d$/);
    }
  });

  describe('redaction of one name in many forms', () => {
    const plainMac = redactor.mac('00:11:22:33:44:55');
    const digits = plainMac.replaceAll(':', '');

    for (const [form, expected] of [
      ['001122334455', digits],
      ['0011.2233.4455', (digits.match(/.{4}/g) ?? []).join('.')],
      ['00-11-22-33-44-55', plainMac.replaceAll(':', '-')],
      ['0:11:22:33:44:55', plainMac],
      ['enx001122334455.30', `enx${digits}.30`],
    ] as const)
      it(`gives the MAC address ${form} the token of 00:11:22:33:44:55`, () => {
        expect(redactor.text(form)).to.equal(expected);
      });

    it('gives an address the same token with leading zeros, as a number and with dashes', () => {
      const renamed = redactor.address('192.168.1.33');
      const bytes = renamed.split('.').map((one) => Number(one).toString(16).padStart(2, '0'));
      expect(redactor.text('192.168.001.033')).to.equal(renamed);
      expect(redactor.text('0xC0A80121')).to.equal(`0x${bytes.join('')}`.toUpperCase().replace('0X', '0x'));
      expect(redactor.text('2101a8c0')).to.equal([...bytes].reverse().join(''));
      expect(redactor.text('ip-192-168-1-33')).to.equal(`ip-${renamed.replaceAll('.', '-')}`);
    });

    it('gives an interface, its VLAN and a wildcard for it tokens that still belong together', () => {
      const texts = ['iifname "acme0"', 'iifname "acme0.30"', 'iifname "acme*"', '-i acme+'];
      const fresh = new Redactor(KEY, []);
      expect(texts.map((text) => fresh.value({ text }).text)).to.deep.equal([
        ...['iifname "link01-0"', 'iifname "link01-0.30"', 'iifname "link01*"', '-i link01+'],
      ]);
    });
  });

  it('keeps what the kernel, systemd and Docker name, marks of packets and netmasks', () => {
    for (const text of [
      'iifname "enp0s3.30" oifname != "docker0" meta mark 0x0000ca6c accept',
      'jump ufw-user-output',
      'jump filter_OUT_policy_drop_deny',
      '-A DOCKER-ISOLATION-STAGE-1 -i br+ -j DOCKER-USER',
      'meta mark & 0x00ff0000 == 0x00400000',
    ])
      expect(redactor.value({ text }).text).to.equal(text);
    expect(redactor.text('00FFFFFF 255.255.255.0 0x0000ffff')).to.equal('00FFFFFF 255.255.255.0 0x0000ffff');
  });

  const hidden: readonly (readonly [string, string, RegExp])[] = [
    ['a comment of nftables', 'counter drop comment "ask Alice"', /^counter drop comment "comment-\d+"$/],
    ['a comment of iptables', '-A OUTPUT -m comment --comment acme -j DROP', /--comment "comment-\d+" -j DROP$/],
    ['a prefix of a log', 'log prefix "acme: " drop', /^log prefix "comment-\d+" drop$/],
    ['a user’s name', 'meta skuid "alice" drop', /^meta skuid "user-\d+" drop$/],
    ['a password in a URL', 'curl http://me:pw123@10.0.0.1/', /^curl http:\/\/secret-\d+@[\d.]+\/$/],
    ['a password of a flag', 'login --password hunter2', /^login --password secret-\d+$/],
    ['a token in a header', 'Authorization: Bearer abc.def-123', /Bearer secret-\d+$/],
    ['a setting', 'token=abc123 psk: xyz', /^token=secret-\d+ psk: secret-\d+$/],
    ['a key', 'wg set wg0 private-key aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9=', /secret-\d+$/],
    ['a host’s name', 'db01.corp.example.org did not resolve', /^other-name-\d+\.example did not resolve$/],
    ['a MAC address', 'lladdr 52:54:00:12:34:56', /^lladdr 52:54:00:(?!12:34:56)/],
    ['an id, also in a bridge’s name', '0123456789abcdef br-0123456789ab', /^(\w{12})\w{4} br-\1$/],
  ];
  for (const [what, text, expected] of hidden)
    it(`hides ${what}`, () => {
      expect(redactor.text(text)).to.match(expected);
    });

  it('leaves settings, files, versions and our own marks', () => {
    for (const text of [
      'net.ipv4.conf.all.forwarding = 1',
      '/etc/resolv.conf',
      'Docker 26.1.5+dfsg1, kernel 6.12.117',
      'comment "ipvlan-doctor shim"',
      'at 12:34:56, rule 12',
      'com.docker.network.driver.mtu',
    ])
      expect(redactor.text(text)).to.equal(text);
  });

  describe('redaction of a capture', () => {
    const mac = (end: string) => `5254001234${end}`;
    const ip = 'c0a80a0a08080808';
    const frames = [
      `${mac('01')}${mac('02')}0800450000540000400040010000${ip}0800f7ff4e200003${'ab'.repeat(56)}`,
      `${mac('01')}${mac('02')}08060001080006040001525400123402c0a80a0a000000000000c0a80a01`,
      `${mac('01')}${mac('02')}0800450000400000400040110000${ip}c350003500200000${'cd'.repeat(24)}`,
      `${mac('01')}${mac('02')}88cc${'41'.repeat(40)}`,
    ];
    const file = writePcap(
      frames.map((hex, index) => ({ atMs: 1000 + index, bytes: Buffer.from(hex, 'hex'), length: hex.length / 2 })),
    );
    const own = '52:54:00:12:34:02';

    it('decodes to the redacted packets', () => {
      const redacted = decodePcap(redactCapture(file, redactor), new Set([redactor.mac(own)]));
      const expected = decodePcap(file, new Set([own]));
      expect(redacted.map(({ content }) => content)).to.deep.equal(
        expected.map(({ content }) => redactor.value(content)),
      );
    });

    it('holds neither addresses nor what was said', () => {
      const bytes = redactCapture(file, redactor).toString('hex');
      for (const part of ['c0a80a0a', '08080808', '525400123402', 'abababab', 'cdcdcdcd', '41414141'])
        expect(bytes).not.to.include(part);
    });

    it('never breaks, with any frames', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
          const bytes = Buffer.from(noise);
          expect(redactCapture(writePcap([{ atMs: 0, bytes, length: bytes.length }]), redactor).length).to.be.at.least(
            24,
          );
        }),
      );
    });
  });
});
