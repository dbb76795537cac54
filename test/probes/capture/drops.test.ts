import { expect } from 'chai';
import { parseDrops } from '../../../src/probes/capture/drop-lines.js';

/** Recorded with Linux 6.12: a rule that drops what ping sends, and a closed port, which answers in an interrupt. */
const RECORDED = `# tracer: nop
#
# entries-in-buffer/entries-written: 4/4   #P:2
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
              sh-8541    [001] .....  2208.801561: tracing_mark_write: ipvlan-doctor 8541
            ping-8547    [001] .....  2208.926430: kfree_skb: skbaddr=00000000f9f18010 rx_sk=0000000000000000 protocol=2048 location=nft_do_chain+0x40e/0x630 [nf_tables] reason: NETFILTER_DROP
            ping-8547    [000] .....  2209.129649: kfree_skb: skbaddr=00000000b7a2a6b7 rx_sk=0000000000000000 protocol=2048 location=nft_do_chain+0x40e/0x630 [nf_tables] reason: NETFILTER_DROP
              nc-8548    [000] ..s1.  2210.331716: kfree_skb: skbaddr=000000000a393e9d rx_sk=0000000000000000 protocol=2048 location=tcp_v4_rcv+0x9a/0x1360 reason: NO_SOCKET
`;

/** Recorded with Linux 6.1: no name of the place, once by the process itself and once by what interrupted it. */
const OLDER = `            ping-646     [001] bN...   761.337050: kfree_skb: skbaddr=0000000031775de2 protocol=2048 location=00000000eb57a9bd reason: NETFILTER_DROP
            ping-648     [000] .Ns1.   761.118373: kfree_skb: skbaddr=0000000041df4e4f protocol=2048 location=000000008ee7d3bb reason: NO_SOCKET
`;

const SENDERS = new Map([
  [8547, 20_001],
  [8548, 20_002],
  [646, 20_003],
  [648, 20_004],
]);

const FILTERED = { reason: 'NETFILTER_DROP', location: 'nft_do_chain [nf_tables]', family: 4, packets: 2 };

describe('packets the kernel dropped', () => {
  it('are counted by reason and place, and are a probe’s where its own process was at work', () => {
    expect(parseDrops(RECORDED, SENDERS)).to.deep.equal({
      kind: 'counted',
      drops: [
        { ...FILTERED, tag: 20_001 },
        { reason: 'NO_SOCKET', location: 'tcp_v4_rcv', family: 4, tag: undefined, packets: 1 },
      ],
    });
  });

  it('have a reason without a place with older kernels', () => {
    const parsed = parseDrops(RECORDED.split('\n').slice(0, 13).join('\n') + '\n' + OLDER, SENDERS);
    expect(parsed).to.deep.equal({
      kind: 'counted',
      drops: [
        { reason: 'NETFILTER_DROP', location: undefined, family: 4, tag: 20_003, packets: 1 },
        { reason: 'NO_SOCKET', location: undefined, family: 4, tag: undefined, packets: 1 },
      ],
    });
  });

  it('belong to no probe where the kernel has other process ids than we have', () => {
    const parsed = parseDrops(RECORDED.replace('ipvlan-doctor 8541', 'ipvlan-doctor 17'), SENDERS);
    expect(parsed).to.have.nested.property('drops[0].packets', 2);
    expect(parsed).to.have.nested.property('drops[0].tag', undefined);
  });

  it('are not counted where the trace was full, and never began', () => {
    const full = parseDrops(RECORDED.replace('4/4', '4/9'), SENDERS);
    expect(full).to.deep.equal({ kind: 'useless', why: 'the kernel dropped 9 packets, and its trace held 4' });
    expect(parseDrops('', SENDERS).kind).to.equal('useless');
    expect(parseDrops(RECORDED.replace(/^.*mark_write.*\n/m, ''), SENDERS).kind).to.equal('useless');
  });
});
