import { expect } from 'chai';
import { parseFilters, parsePrograms } from '../../../src/probes/facts/link-filters.js';

/** What iproute2 6.15 printed. */
const PRINTED = `== enp0s3 ingress
== enp0s3 egress
filter protocol ip pref 1 u32 chain 0 
filter protocol ip pref 1 u32 chain 0 fh 800: ht divisor 1 
filter protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid not_in_hw (rule hit 7 success 5)
  match c0a80a00/ffffff00 at 12 (success 5 ) 
	action order 1: gact action drop
	 random type none pass val 0
	 index 1 ref 1 bind 1 installed 0 sec used 0 sec
	Action statistics:
	Sent 420 bytes 5 pkt (dropped 5, overlimits 0 requeues 0) 
	backlog 0b 0p requeues 0

== wg0 ingress
filter protocol ip pref 49152 flower chain 0 
filter protocol ip pref 49152 flower chain 0 handle 0x1 
  eth_type ipv4
  src_ip 1.2.3.0/24
  not_in_hw
	action order 1: gact action drop
	 random type none pass val 0
	 index 2 ref 1 bind 1 installed 0 sec used 0 sec
	Action statistics:
	Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
	backlog 0b 0p requeues 0

== wg0 egress
`;

describe('filters on links', () => {
  it('are read with what they select, what they do, and their counters', () => {
    const [first, second, ...others] = parseFilters(PRINTED);
    expect(first).to.include({ device: 'enp0s3', way: 'egress', kind: 'tc', priority: 1, action: 'drop', packets: 5 });
    expect(first).to.include({ source: '192.168.10.0/24', destination: undefined });
    expect(second).to.include({ device: 'wg0', way: 'ingress', priority: 49152, source: '1.2.3.0/24', packets: 0 });
    expect(others).to.deep.equal([]);
  });

  it('are none where no link has a queue for them', () => {
    expect(parseFilters('')).to.deep.equal([]);
  });

  it('may be programs, which say no more than their name', () => {
    const links = [{}, { ifname: 'eth0' }, { ifname: 'enp0s3', xdp: { mode: 2, prog: { id: 7, name: 'agent' } } }];
    const [program, ...others] = parsePrograms(JSON.stringify(links));
    expect(program).to.include({ device: 'enp0s3', kind: 'xdp', text: 'XDP program agent id 7', action: undefined });
    expect(others).to.deep.equal([]);
  });
});
