import { expect } from 'chai';
import { parseWhatIf } from '../../../src/diagnosis/what-if/language.js';
import { DoctorError } from '../../../src/errors.js';

function errorOf(text: string): DoctorError {
  try {
    parseWhatIf(text);
  } catch (error) {
    if (error instanceof DoctorError) return error;
    throw error;
  }
  throw new Error(`${text} was understood`);
}

const read = (text: string) =>
  parseWhatIf(text).map((wish) => Object.fromEntries(Object.entries(wish).filter(([key]) => key !== 'text')));

describe('the language of --what-if', () => {
  it('reads each kind of change', () => {
    expect(read('add route 192.168.10.0/24 via 192.168.0.2 on gateway')).to.deep.equal([
      ...[{ kind: 'route', action: 'add', destination: '192.168.10.0/24', via: '192.168.0.2', node: 'gateway' }],
    ]);
    expect(read('delete route default on host')).to.deep.equal([
      { kind: 'route', action: 'delete', destination: 'default', node: 'host' },
    ]);
    expect(read('set sysctl net.ipv4.ip_forward=1 on host')).to.deep.equal([
      { kind: 'sysctl', name: 'net.ipv4.ip_forward', value: '1', node: 'host' },
    ]);
    expect(read('drop tcp/443 from webapp to any on host')).to.deep.equal([
      ...[{ kind: 'filter', action: 'drop', protocol: 'tcp', port: 443, from: 'webapp', to: undefined, node: 'host' }],
    ]);
    expect(read('masquerade 192.168.10.0/24 on gateway')).to.deep.equal([
      { kind: 'masquerade', subnet: '192.168.10.0/24', node: 'gateway' },
    ]);
    expect(read('link enp0s3 mtu 1400 on host')).to.deep.equal([
      { kind: 'link', device: 'enp0s3', set: { mtu: 1400 }, node: 'host' },
    ]);
    expect(read('add address 192.168.10.1/24 dev lan0 on gateway')).to.deep.equal([
      { kind: 'address', action: 'add', address: '192.168.10.1/24', device: 'lan0', node: 'gateway' },
    ]);
    expect(read('recreate network ipvlan_net mode l2')).to.deep.equal([
      { kind: 'network', network: 'ipvlan_net', mode: 'l2' },
    ]);
  });

  it('reads several with semicolons between them', () => {
    expect(read('link enp0s3 down on host; link enp0s3 up on host')).to.have.length(2);
  });

  it('names the word that it does not understand, and how the change is written', () => {
    const error = errorOf('add route 192.168.10.0/24 by 192.168.0.2 on gateway');
    expect(error.message).to.include('"by" stands where "via" or "dev" or "on" should be');
    expect(error.hint).to.include('add route DEST via ADDRESS on NODE');
    expect(error.code).to.equal('USAGE');
  });

  it('says what is missing, too much, or of another kind', () => {
    expect(errorOf('add route 192.168.10.0/24 via 192.168.0.2').message).to.include('"on" is missing');
    expect(errorOf('add route 192.168.10.0/24 on gateway').message).to.include('needs "via ADDRESS" or "dev LINK"');
    expect(errorOf('add route home via 192.168.0.2 on gateway').message).to.include('"home" is no DEST');
    expect(errorOf('masquerade 192.168.10.1 on gateway').message).to.include('"192.168.10.1" is no SUBNET');
    expect(errorOf('link eth0 up on host now').message).to.include('"now" is one word too many');
    expect(errorOf('drop gre from any to any on host').message).to.include('"gre" is no PROTOCOL[/PORT]');
  });

  it('suggests the change that was meant, and never takes a word of the language itself', () => {
    expect(errorOf('ad route default via 192.168.0.1 on host').message).to.include('Did you mean "add"?');
    expect(errorOf('constructor x').message).to.include('"constructor" is no change');
  });
});
