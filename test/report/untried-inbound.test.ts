import { expect } from 'chai';
import type { Evidence } from '../../src/evidence/evidence.js';
import { untriedInbound } from '../../src/report/untried-inbound.js';
import { recorded } from '../diagnosis/situation.js';

const listening = (evidence: Evidence, sockets: Evidence['facts']['sockets']): Evidence => ({
  ...evidence,
  origin: 'synthetic',
  facts: { ...evidence.facts, ...(sockets ? { sockets } : {}) },
});
/** Only what containers ask is left. */
const outwardOnly = (evidence: Evidence): Evidence => ({
  ...evidence,
  origin: 'synthetic',
  probes: evidence.probes.filter(({ from }) => evidence.facts.containers?.some(({ name }) => name === from)),
});

describe('what was not tried from outside', () => {
  const run = recorded('article-second-attempt');

  it('is nothing where a machine on the LAN asked each container', () => {
    const asked = run.probes.filter(({ purpose }) => purpose === 'check').map(({ from }) => from);
    const template = run.probes[0];
    if (!template) throw new Error('the recording has no probes');
    const visits = [...new Set(asked)].map((name) => ({
      ...template,
      from: 'laptop',
      to: { ...template.to, node: name },
    }));
    expect(untriedInbound({ ...run, origin: 'synthetic', probes: [...run.probes, ...visits] })).to.equal(undefined);
  });

  it('is named with the ports the container listens on, and without those only it can reach', () => {
    const sockets = {
      webapp: [
        { protocol: 'tcp', address: '0.0.0.0', port: 8112 },
        { protocol: 'udp', address: '::', port: 53 },
        { protocol: 'tcp', address: '127.0.0.11', port: 40_001 },
        { protocol: 'udp', address: '0.0.0.0', port: 45_000 },
      ],
    } as const;
    expect(untriedInbound(listening(outwardOnly(run), sockets))).to.include('webapp on tcp/8112, udp/53');
    expect(untriedInbound(listening(outwardOnly(run), sockets))).not.to.match(/4[05]/);
  });

  it('is nothing where a request from another machine was heard', () => {
    const outward = outwardOnly(run);
    const [template] = outward.probes;
    if (!template) throw new Error('the recording has no probes');
    const asked = [...new Set(outward.probes.map(({ from }) => from))];
    const requests = asked.map((name) => ({
      ...template,
      ...{ from: '192.168.0.50', source: '192.168.0.50', overheard: true as const, to: { ...template.to, node: name } },
    }));
    expect(untriedInbound({ ...outward, probes: [...outward.probes, ...requests] })).to.equal(undefined);
  });

  it('is named without ports where none were seen', () => {
    expect(untriedInbound(listening(outwardOnly(run), {}))).to.match(/^Not tried from outside: webapp[.;]/);
  });

  it('counts the names beyond the third', () => {
    const [template] = run.probes;
    const [container] = run.facts.nodes?.filter(({ kind }) => kind === 'container') ?? [];
    if (!template || !container) throw new Error('the recording has no container');
    const names = ['a', 'b', 'c', 'd', 'e'];
    const evidence: Evidence = {
      ...run,
      origin: 'synthetic',
      facts: { nodes: names.map((name) => ({ ...container, name })) },
      probes: names.map((from) => ({ ...template, from, purpose: 'check' })),
    };
    expect(untriedInbound(evidence)).to.equal('Not tried from outside: a; b; c; and 2 more.');
  });
});
