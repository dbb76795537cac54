import { expect } from 'chai';
import { EVIDENCE_VERSION, type Evidence, type ProbeResult } from '../../src/evidence/evidence.js';
import { evidenceJson, parseEvidence } from '../../src/evidence/file.js';
import type { ContainerFact, NetworkFact } from '../../src/evidence/facts.js';
import { sentBy } from '../../src/report/scenario-result.js';
import { sentText } from '../../src/report/words.js';
import { TOOL } from '../../src/version.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';

const network: NetworkFact = {
  ...{ name: 'lan', id: 'n', driver: 'ipvlan', mode: 'l2', flag: undefined, parent: 'eth0', internal: false },
  ...{ subnets: [], options: {} },
};
const container: ContainerFact = { name: 'webapp', id: 'c', state: 'running', attachments: [] };

describe('what an engine warns of', () => {
  const saved = (warned: readonly string[] | undefined): Evidence => ({
    ...{ schemaVersion: EVIDENCE_VERSION, origin: 'synthetic', tool: TOOL, takenAt: '2026-01-01T00:00:00Z' },
    facts: {
      networks: [{ ...network, ...(warned ? { warnings: warned } : {}) }],
      containers: [{ ...container, ...(warned ? { warnings: ['the engine warns: its memory is not limited'] } : {}) }],
    },
    ...{ probes: [], missing: [] },
  });
  const result = (evidence: Evidence, was?: ReturnType<typeof rediagnosed>) =>
    rediagnosed({ id: 'one', evidence: parseEvidence(evidenceJson(evidence), 'one'), was });

  it('is a warning of the result, once, and stays in the file of evidence', () => {
    const evidence = saved([
      'the engine warns: "ipvlan_mode: l3" is not a recognized option',
      'the engine was asked for mode l3, and made l2',
    ]);
    const { warnings } = result(evidence);
    expect(warnings).to.deep.equal([
      'Network lan: the engine warns: "ipvlan_mode: l3" is not a recognized option.',
      'Network lan: the engine was asked for mode l3, and made l2.',
      'Container webapp: the engine warns: its memory is not limited.',
    ]);
    expect(result(evidence, result(evidence)).warnings).to.deep.equal(warnings);
  });

  it('is nothing where it did not warn', () => {
    expect(result(saved(undefined)).warnings).to.deep.equal([]);
  });
});

const probe = (packets?: number): ProbeResult => ({
  id: 'a>b',
  from: 'a',
  to: { label: 'b', node: undefined, name: undefined, address: '10.0.0.2' },
  over: { protocol: 'icmp' },
  purpose: 'check',
  command: 'ping',
  tag: 20_000,
  outcome: { kind: 'broken', error: '' },
  ...(packets === undefined ? {} : { packets }),
});

describe('what a look sent', () => {
  it('is the sum of the budgets of its probes', () => {
    const { sent } = sentBy({ probes: [probe(115), probe(1), probe()] });
    expect(sent).to.deep.equal({ probes: 2, packets: 116 });
    expect(sentText(sent!)).to.equal('Sent: 2 probes handed at most 116 packets to the kernel.');
  });

  it('is not known from evidence of older versions', () => {
    expect(sentBy({ probes: [probe()] })).to.deep.equal({});
  });
});
