import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { NodeFact } from '../../src/evidence/facts.js';
import { parseClientEvidence } from '../../src/probes/client/client-evidence.js';
import { withClient } from '../../src/workflows/attach/client-side.js';
import { mergedFacts } from '../../src/workflows/attach/gateway-side.js';
import { recorded } from '../diagnosis/situation.js';
import { seenFromHost } from '../replay/seen-from-host.js';

const printed = (family: string) => readFileSync(`test/probes/client/printed/${family}.txt`, 'utf8');

/** A recorded run as the Docker host shows it, with what a LAN client printed. */
function withPrinted(id: string, text: string): Evidence {
  const run = recorded(id);
  const macs = {
    '52:54:00:aa:00:02': run.facts.links?.['gateway']?.find(({ name }) => name === 'lan0')?.mac ?? '',
    // The client is the machine that was there.
    '52:54:00:bb:00:50':
      run.facts.links?.['laptop']?.find(({ addresses }) => addresses.includes('192.168.0.50/24'))?.mac ?? '',
    '52:54:00:bb:00:02': run.facts.links?.['host']?.find(({ name }) => name === 'enp0s3')?.mac ?? '',
  };
  const same = Object.entries(macs).reduce((left, [from, to]) => left.replaceAll(from, to), text);
  const seen = seenFromHost(run);
  const client = withClient(seen.facts.nodes ?? [], parseClientEvidence(same));
  return {
    ...seen,
    origin: 'synthetic',
    facts: { ...mergedFacts(seen.facts, client.facts), nodes: client.nodes },
    probes: [...seen.probes, ...client.probes],
  };
}

describe('what a LAN client adds', () => {
  it('is nothing wrong where it reaches the container', () => {
    const { found, unexplained } = diagnose(withPrinted('article-second-attempt', printed('linux')));
    expect(found.filter(({ cause }) => cause.kind === 'fault').map(({ cause }) => cause.id)).to.deep.equal([]);
    expect(unexplained).to.deep.equal([]);
  });

  it('is a failing check of its own where it does not', () => {
    const silent = printed('linux')
      .replaceAll(/^64 bytes from 192\.168\.10\.10.*\n/gm, '')
      .replace('\nconnected\n', '\nnot connected\n');
    const evidence = withPrinted('article-first-attempt', silent);
    const own = evidence.probes.filter(({ from }) => from === 'client');
    expect(own.map(({ id, purpose }) => `${id} ${purpose}`)).to.deep.equal([
      'client>webapp/icmp check',
      'client>gateway/icmp comparison',
      'client>webapp/tcp/80 check',
    ]);
    const { found, inconclusive } = diagnose(evidence);
    const explained = [...found, ...inconclusive].flatMap(({ ruling }) => ruling.explains);
    expect(explained).to.include('client>webapp/icmp');
  });

  it('is the machine that the user named by its address', () => {
    const peer: NodeFact = { name: 'peer 192.168.0.50', kind: 'peer', addresses: ['192.168.0.50'] };
    const { nodes, facts } = withClient([peer], parseClientEvidence(printed('macos')));
    expect(nodes.map(({ name }) => name)).to.deep.equal(['peer 192.168.0.50']);
    expect(Object.keys(facts.links ?? {})).to.deep.equal(['peer 192.168.0.50']);
  });
});
