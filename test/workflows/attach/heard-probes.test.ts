import { expect } from 'chai';
import type { HeardFlowSeen } from '../../../src/network/observations/heard.js';
import { heardProbe } from '../../../src/workflows/attach/heard-probes.js';

const container = {
  ...{ name: 'webapp', id: '1', state: 'running' },
  attachments: [{ network: 'macvlan_net', addresses: ['192.168.0.100'], gateway: undefined }],
};
const nodes = [
  { name: 'webapp', kind: 'container' as const, addresses: ['192.168.0.100'] },
  { name: 'gateway', kind: 'gateway' as const, addresses: ['192.168.0.1'] },
];
const around = { container, nodes, live: new Set(['webapp', 'host']) };

/** Requests and replies at the parent, then at the container. */
type Counts = readonly [wire: readonly [number, number], inside: readonly [number, number]];

function flow([wire, inside]: Counts, rest: Partial<HeardFlowSeen> = {}): HeardFlowSeen {
  const at = (node: string, device: string, [requests, replies]: readonly [number, number]) => ({
    ...{ node, device, requests, replies, refusals: 0 },
  });
  return {
    ...{ direction: 'inbound', own: '192.168.0.100', peer: '192.168.0.50', protocol: 'tcp', port: 8112 },
    connections: [{ tag: 50_000, at: [at('host', 'enp0s3', wire), at('webapp', 'eth0', inside)] }],
    ...rest,
  };
}
const outcome = (...args: Parameters<typeof flow>) => {
  const heard = heardProbe(flow(...args), around)?.outcome;
  return heard?.kind === 'attempts' ? `${heard.arrived}/${heard.sent} ${heard.failure ?? ''}`.trim() : heard?.kind;
};

describe('a flow that was heard, as evidence', () => {
  it('arrived where the reply left the parent', () => {
    expect(
      outcome([
        [3, 2],
        [3, 2],
      ]),
    ).to.equal('1/1');
  });

  it('is lost where its request was repeated, and no reply left', () => {
    expect(
      outcome([
        [3, 0],
        [0, 0],
      ]),
    ).to.equal('0/1 timeout');
    expect(
      outcome([
        [3, 0],
        [3, 3],
      ]),
    ).to.equal('0/1 timeout');
  });

  it('is not judged by a single request, which may be answered yet', () => {
    expect(
      outcome([
        [1, 0],
        [1, 0],
      ]),
    ).to.equal(undefined);
  });

  it('is not judged over UDP where it reached a service that says nothing', () => {
    const syslog = { protocol: 'udp', port: 514 } as const;
    expect(
      outcome(
        [
          [5, 0],
          [5, 0],
        ],
        syslog,
      ),
    ).to.equal(undefined);
    expect(
      outcome(
        [
          [5, 0],
          [0, 0],
        ],
        syslog,
      ),
    ).to.equal('0/1 timeout');
  });

  it('is lost where a lookup of the container’s own was repeated', () => {
    const lookup = { direction: 'outbound', protocol: 'udp', port: 53, peer: '192.168.0.1' } as const;
    expect(
      outcome(
        [
          [2, 0],
          [2, 0],
        ],
        lookup,
      ),
    ).to.equal('0/1 timeout');
    expect(
      heardProbe(
        flow(
          [
            [2, 2],
            [2, 0],
          ],
          lookup,
        ),
        around,
      ),
    ).to.deep.include({ from: 'webapp', overheard: true });
    expect(
      outcome(
        [
          [2, 2],
          [2, 0],
        ],
        lookup,
      ),
    ).to.equal('0/1 timeout');
  });

  it('comes from an address, also where the router has it, because the router was not looked into', () => {
    expect(
      heardProbe(
        flow(
          [
            [2, 0],
            [2, 0],
          ],
          { peer: '192.168.0.1' },
        ),
        around,
      ),
    ).to.include({
      from: '192.168.0.1',
      source: '192.168.0.1',
      tag: 50_000,
    });
  });
});
