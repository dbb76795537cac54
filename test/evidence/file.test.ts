import { expect } from 'chai';
import { DoctorError } from '../../src/errors.js';
import { evidenceJson, parseEvidence, readEvidence } from '../../src/evidence/file.js';
import { EVIDENCE_VERSION, type Evidence } from '../../src/evidence/evidence.js';

const EVIDENCE: Evidence = {
  schemaVersion: EVIDENCE_VERSION,
  origin: 'recorded',
  takenAt: '2026-01-01T00:00:00.000Z',
  tool: { name: 'ipvlan-doctor', version: '0.1.0' },
  facts: {
    engine: {
      product: 'Docker Engine',
      version: '26.1.5',
      apiVersion: '1.45',
      kernel: '6.12.0',
      operatingSystem: 'Debian',
      disposable: true,
    },
    nodes: [{ name: 'host', kind: 'host', addresses: ['192.168.0.2'] }],
    networks: [],
    containers: [],

    routes: {
      host: [
        {
          family: 4,
          table: 'main',
          type: 'unicast',
          destination: '0.0.0.0/0',
          via: '192.168.0.1',
          device: 'enp0s3',
          metric: 0,
          scope: 'global',
          source: '192.168.0.2',
          flags: ['onlink'],
        },
      ],
    },
    firewall: {
      host: {
        readable: ['nftables'],
        chains: [],
        rules: [],
        sets: [{ family: 'ip', table: 't', name: 's', elements: ['10.0.0.0/8'] }],
      },
    },
    captures: [
      {
        node: 'host',
        device: 'enp0s3',
        control: 'seen',
        packets: [
          {
            atMs: 0.5,
            direction: 'out',
            sourceMac: '02:00:00:00:00:01',
            targetMac: '02:00:00:00:00:02',
            vlan: 30,
            content: {
              kind: 'icmp',
              source: '192.168.0.2',
              destination: '8.8.8.8',
              type: 'echo-request',
              code: 0,
              id: 20000,
              sequence: 1,
              ttl: 64,
            },
          },
        ],
        file: 'host-enp0s3.pcap',
      },
    ],
  },
  probes: [
    {
      id: 'host>8.8.8.8/tcp/443',
      from: 'host',
      to: { label: '8.8.8.8', node: 'internet', name: 'dns.google', address: '8.8.8.8' },
      over: { protocol: 'tcp', port: 443 },
      purpose: 'check',
      command: 'nc',
      tag: 20001,
      outcome: {
        kind: 'attempts',
        sent: 1,
        arrived: 0,
        roundTripMs: { min: 1, average: 2, max: 3 },
        ttl: 63,
        failure: 'refused',
        said: ['no'],
        answers: ['x'],
      },
    },
  ],
  missing: [{ fact: 'links', node: 'host', reason: 'ip: not found' }],
};

/** The evidence as plain data, to be spoilt. */
const plain = () => JSON.parse(evidenceJson(EVIDENCE)) as Record<string, unknown>;
const reading = (value: unknown) => () =>
  parseEvidence(typeof value === 'string' ? value : JSON.stringify(value), 'e.json');

describe('an evidence file', () => {
  it('is rejected by name when it does not exist', async () => {
    const error: unknown = await readEvidence('/nowhere/evidence.json').catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(DoctorError)
      .with.property('message')
      .that.matches(/^\/nowhere\/evidence\.json cannot be read/);
  });

  it('reads as it was written', () => {
    expect(parseEvidence(evidenceJson(EVIDENCE), 'e.json')).to.deep.equal(plain());
  });

  it('is read when its minor version is newer, without unknown keys', () => {
    const newer = { ...plain(), schemaVersion: '1.9.0', colour: 'blue' };
    expect(parseEvidence(JSON.stringify(newer), 'e.json')).to.deep.equal({ ...plain(), schemaVersion: '1.9.0' });
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['that is not JSON', '{"schemaVersion":', /^e\.json is not JSON/],
    ['that is something else', { verdict: 'pass' }, /has no schemaVersion/],
    ['that is no object', [1], /has no schemaVersion/],
    ['of another major version', { ...plain(), schemaVersion: '2.0.0' }, /is of version 2\.0\.0; this tool reads 1\./],
    [
      'with an address that is none',
      { ...plain(), facts: { nodes: [{ name: 'h', kind: 'host', addresses: ['<b>'] }] } },
      /facts\.nodes\.0\.addresses\.0: is not an IP address/,
    ],
    ['with a route that is a number', { ...plain(), facts: { routes: { host: [7] } } }, /facts\.routes\.host\.0/],
    ['without probes', { ...plain(), probes: undefined }, /e\.json: probes/],
    [
      'with an unknown outcome',
      { ...plain(), probes: [{ ...EVIDENCE.probes[0], outcome: { kind: 'fine' } }] },
      /probes\.0\.outcome/,
    ],
  ];
  for (const [title, value, message] of refused) {
    it(`${title} is rejected, and says where`, () => {
      expect(reading(value)).to.throw(DoctorError, message).with.property('code', 'INPUT_INVALID');
    });
  }
});
