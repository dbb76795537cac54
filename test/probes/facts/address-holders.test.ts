import { expect } from 'chai';
import { startMonitor, startTrace } from '../../../src/probes/capture/trace.js';
import { askHolders, parseHolders } from '../../../src/probes/facts/address-holders.js';
import type { LookRequest } from '../../../src/probes/look-request.js';

const asking = (holders: LookRequest['holders']) => askHolders({ holders } as LookRequest, 'host').join('\n');

describe('the question who holds an address', () => {
  it('claims no address, unless the host has one there to ask from', () => {
    const [device, node] = ['enp0s3', 'host'];
    expect(asking([{ node, device, address: '192.168.0.100' }])).to.match(/arping -D .*-I enp0s3 192\.168\.0\.100;/);
    expect(asking([{ node, device, address: '192.168.0.1', source: '192.168.0.2' }])).to.match(
      /arping -s 192\.168\.0\.2 /,
    );
  });

  it('keeps its processes apart from those of a trace, which end only when they are told to', () => {
    const node = { name: 'host', kind: 'host', addresses: [], enter: [], pid: 1 } as const;
    const holders = [{ node: 'host', device: 'enp0s3', address: '192.168.0.100' }];
    const request = {
      nodes: [node],
      traced: ['host'],
      probes: [],
      holders,
      firstTag: 20_000,
    } as unknown as LookRequest;
    const assigned = (lines: readonly string[]) =>
      new Set([...lines.join('\n').matchAll(/\b([A-Za-z]+)=/g)].map(([, name]) => name));
    const traced = assigned([...startMonitor(request, 'host'), ...startTrace(request, 'host')]);
    expect([...traced]).to.include('H');
    expect([...assigned(askHolders(request, 'host'))].filter((name) => traced.has(name))).to.deep.equal([]);
  });

  it('is asked by the node it is meant for alone', () => {
    expect(asking([{ node: 'webapp', device: 'eth0', address: '192.168.0.1' }])).to.equal('');
  });

  const printed: readonly (readonly [string, string, readonly string[] | undefined])[] = [
    [
      'two machines that reply',
      `ARPING 192.168.0.1 from 192.168.0.2 enp0s3
Unicast reply from 192.168.0.1 [02:00:00:00:00:0A]  0.9ms
Unicast reply from 192.168.0.1 [02:00:00:00:00:0b]  1.1ms
Unicast reply from 192.168.0.1 [02:00:00:00:00:0a]  0.8ms
Sent 2 probes (1 broadcast(s))
Received 3 response(s)`,
      ['02:00:00:00:00:0a', '02:00:00:00:00:0b'],
    ],
    ['none', 'ARPING 192.168.0.100 from 0.0.0.0 enp0s3\nSent 2 probes (2 broadcast(s))\nReceived 0 response(s)', []],
    ['one in IPv6', 'fd00::64 lladdr 02:00:00:00:00:0c REACHABLE\nasked', ['02:00:00:00:00:0c']],
    ['none in IPv6', 'fd00::64 FAILED\nasked', []],
    ['nothing that was sent', '', undefined],
  ];
  for (const [title, text, macs] of printed) it(`knows ${title}`, () => expect(parseHolders(text)).to.deep.equal(macs));
});
