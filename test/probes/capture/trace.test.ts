import { expect } from 'chai';
import { parseTraces } from '../../../src/probes/capture/trace-lines.js';

/** Recorded with nftables 1.1.3: a set and a log statement without a counter, and a packet nothing stopped. */
const RECORDED = `trace id 8a383a82 inet ipvlan_doctor_trace out packet: oif "d0" ip saddr 192.168.9.1 ip daddr 192.168.9.9 ip dscp cs0 ip ecn not-ect ip ttl 64 ip id 55626 ip protocol icmp ip length 84 icmp type echo-request icmp code 0 icmp id 777 icmp sequence 1 
trace id 8a383a82 inet ipvlan_doctor_trace out rule icmp type echo-request icmp sequence 1 meta nftrace set 1 (verdict continue)
trace id 8a383a82 inet ipvlan_doctor_trace out policy accept 
trace id 8a383a82 ip nat OUTPUT policy accept 
trace id 8a383a82 ip hard output rule ip daddr @bad log prefix "x " drop (verdict drop)
trace id c4b71f67 inet ipvlan_doctor_trace out packet: oif "d0" ip saddr 192.168.9.1 ip daddr 192.168.9.9 ip dscp cs0 ip ecn not-ect ip ttl 64 ip id 13133 ip protocol tcp ip length 60 tcp sport 20000 tcp dport 80 tcp flags == syn tcp window 64240 
trace id c4b71f67 inet ipvlan_doctor_trace out policy accept `;

describe('traces of the packet filter', () => {
  it('name the rule that dropped a packet, by the packet’s own tag', () => {
    expect(parseTraces(RECORDED)).to.deep.equal([
      {
        tags: [777],
        source: '192.168.9.1',
        destination: '192.168.9.9',
        dropped: { family: 'ip', table: 'hard', chain: 'output', rule: 'ip daddr @bad log prefix "x " drop' },
      },
      { tags: [20000, 80], source: '192.168.9.1', destination: '192.168.9.9', dropped: undefined },
    ]);
  });

  it('name a policy where no rule decided, and leave counters out of rules', () => {
    const [policy, rule] = parseTraces(
      RECORDED.replace(
        'ip hard output rule ip daddr @bad log prefix "x " drop (verdict drop)',
        'ip hard output policy drop',
      ) +
        '\ntrace id c4b71f67 ip filter OUTPUT rule ip daddr 192.168.9.9 counter packets 7 bytes 420 drop (verdict drop)',
    );
    expect(policy?.dropped).to.deep.equal({ family: 'ip', table: 'hard', chain: 'output', rule: undefined });
    expect(rule?.dropped?.rule).to.equal('ip daddr 192.168.9.9 counter drop');
  });

  it('are none where nothing was printed, or nothing that says whose packet it was', () => {
    expect(parseTraces('')).to.deep.equal([]);
    expect(parseTraces('trace id 1 ip hard output rule drop (verdict drop)')).to.deep.equal([]);
  });
});
