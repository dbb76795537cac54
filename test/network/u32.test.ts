import { expect } from 'chai';
import { linkFiltered } from '../../src/network/link-filter.js';
import type { LinkFilter } from '../../src/evidence/facts.js';
import { u32Takes } from '../../src/network/u32.js';

const ping = { source: '192.168.10.10', destination: '8.8.8.8', protocol: 'icmp', icmp: 'echo-request' } as const;
const web = { source: '192.168.10.10', destination: '192.168.0.50', protocol: 'tcp', port: 80 };
const reply = { source: '192.168.0.50', destination: '192.168.10.10', protocol: 'tcp', sourcePort: 80 };

describe('selectors of u32, as tc prints them', () => {
  it('take addresses by their bits', () => {
    expect(u32Takes('match c0a80a00/ffffff00 at 12', ping)).to.equal('yes');
    expect(u32Takes('match c0a80a00/ffffff00 at 16', ping)).to.equal('no');
    expect(u32Takes('match c0a80a00/ffffff00 at 16', reply)).to.equal('yes');
  });

  it('take protocols, ports and kinds of ICMP message', () => {
    expect(u32Takes('match 00010000/00ff0000 at 8 match 08000000/ff000000 at 20', ping)).to.equal('yes');
    expect(u32Takes('match 00060000/00ff0000 at 8', ping)).to.equal('no');
    expect(u32Takes('match 00060000/00ff0000 at 8 match 00000050/0000ffff at 20', web)).to.equal('yes');
    expect(u32Takes('match 00000051/0000ffff at 20', web)).to.equal('no');
    expect(u32Takes('match 00500000/ffff0000 at 20', reply)).to.equal('yes');
  });

  it('take IPv6 by words of an address, and by its next header', () => {
    const six = { source: '2001:db8:10::10', destination: '2001:db8::1', protocol: 'udp', port: 53 };
    const subnet = 'match 20010db8/ffffffff at 8 match 00100000/ffff0000 at 12';
    expect(u32Takes(`${subnet} match 00001100/0000ff00 at 4 match 00000035/0000ffff at 40`, six)).to.equal('yes');
    expect(u32Takes('match 20010db9/ffffffff at 24', six)).to.equal('no');
  });

  it('are in doubt about what is not known of a packet', () => {
    expect(u32Takes('match 00000000/0000003f at 4', ping)).to.equal('maybe');
    expect(u32Takes('match 08000000/ff000000 at 20', { ...ping, icmp: undefined })).to.equal('maybe');
  });
});

describe('filters of a link in order of their priority', () => {
  const drop: LinkFilter = {
    ...{ device: 'enp0s3', way: 'egress', kind: 'tc', priority: 10, action: 'drop', packets: undefined },
    ...{ text: 'u32 match c0a80a00/ffffff00 at 12', source: '192.168.10.0/24', destination: undefined },
  };
  const pass: LinkFilter = { ...drop, priority: 9, action: 'pass', text: 'u32 match 00010000/00ff0000 at 8' };
  const outcome = (filters: readonly LinkFilter[], packet: typeof ping | typeof web) =>
    linkFiltered({ linkFilters: { host: filters } }, { node: 'host', device: 'enp0s3', way: 'egress' }, packet).kind;

  it('spare what an earlier one lets pass, and nothing else', () => {
    expect(outcome([drop], ping)).to.equal('blocks');
    expect(outcome([drop, pass], ping)).to.equal('passes');
    expect(outcome([drop, pass], web)).to.equal('blocks');
    expect(outcome([drop, { ...pass, priority: 11 }], ping)).to.equal('blocks');
  });

  it('are in doubt where an earlier one may let it pass', () => {
    expect(outcome([drop, { ...pass, text: 'u32 match 00000000/0000003f at 4' }], ping)).to.equal('unknown');
  });
});
