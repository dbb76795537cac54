import { expect } from 'chai';
import { DoctorError, messageOf } from '../../../src/errors.js';
import { routerFamily, ROUTER_FAMILIES } from '../../../src/probes/gateway/families.js';
import { parseGatewayEvidence } from '../../../src/probes/gateway/gateway-evidence.js';
import { LINUX_COMMAND } from '../../../src/probes/gateway/linux.js';
import { attempt } from '../../../src/process.js';
import { printedBy } from './printed.js';

/** What a text is rejected with, and the hint. */
function rejected(text: string, family?: string): string {
  try {
    parseGatewayEvidence(text, 'gateway', family === undefined ? undefined : routerFamily(family));
    return 'it was accepted';
  } catch (error) {
    return `${messageOf(error)} ${(error as DoctorError).hint}`;
  }
}

const SOFTWARE = { openwrt: 'openwrt', edgeos: 'edgeos', routeros: 'routeros', pfsense: 'pfsense', cisco: 'cisco-ios' };

describe('a gateway’s evidence', () => {
  it('is what its command prints, wherever it can be run', async () => {
    const { stdout } = await attempt('sh', ['-c', LINUX_COMMAND]);
    const { facts } = parseGatewayEvidence(stdout, 'gateway');
    expect(facts.links?.['gateway']?.map(({ name }) => name)).to.include('lo');
    expect(facts.sysctls?.['gateway']).to.have.property('net.ipv4.ip_forward');
  });

  it('says what could not be read there', () => {
    const text = '### ipvlan-doctor links\n[]\n### ipvlan-doctor nft\n-- not to be had\n\n### ipvlan-doctor end\n';
    const { facts, missing } = parseGatewayEvidence(text, 'router');
    expect(facts.links).to.deep.equal({ router: [] });
    expect(missing.map(({ fact, node }) => `${fact} of ${node}`)).to.include('firewall of router');
  });

  for (const [family, software] of Object.entries(SOFTWARE)) {
    const text = printedBy(family);

    it(`of ${family} is recognised, and the same in a terminal’s log`, () => {
      const plain = parseGatewayEvidence(text, 'gateway');
      expect(plain.software).to.equal(software);
      expect(plain.missing).to.deep.equal([]);
      const log = text.replaceAll('\n', '\r\n').replaceAll('192.168.0.2 ', '\u001b[31m192.168.0.2\u001b[m ');
      expect(parseGatewayEvidence(`\u001b]0;router\u0007Welcome\r\n${log}`, 'gateway')).to.deep.equal(plain);
    });

    it(`of ${family} is rejected where it ends too early`, () => {
      const cut = text.slice(0, text.indexOf(family === 'cisco' ? 'control-plane' : '192.168.20.0'));
      expect(rejected(cut)).to.match(/ends too early, in the part "[\w -]+"/);
    });

    it(`of ${family} is rejected where another router is said`, () => {
      const other = family === 'routeros' ? 'cisco' : 'routeros';
      expect(rejected(text, other)).to.include(`runs ${software}, and --router says ${other}`);
    });
  }

  it('is nothing else', () => {
    expect(() => parseGatewayEvidence('hello', 'gateway')).to.throw(DoctorError, /not a gateway's evidence/);
    expect(rejected(' \n')).to.include('the text is empty');
  });

  it('has headings: without them it is said what it looks like, and how to print it', () => {
    const plain = (family: string) => printedBy(family).replaceAll(/^.*### ipvlan-doctor.*\n/gm, '');
    expect(rejected(plain('routeros'))).to.match(/like output of MikroTik RouterOS.*--print-gateway-command routeros/);
    expect(rejected(plain('pfsense'))).to.match(/like output of pfSense.*--print-gateway-command pfsense/);
    expect(rejected(plain('openwrt'))).to.match(/like output of Linux/);
    expect(rejected('Codes: K - kernel route, C - connected, S - static\nS>* 0.0.0.0/0')).to.include('VyOS');
  });

  it('has a command for each family', () => {
    for (const { names, command } of ROUTER_FAMILIES)
      for (const name of names) expect(routerFamily(name).command).to.equal(command);
    expect(() => routerFamily('mikrotic')).to.throw(DoctorError, /no router family "mikrotic"/);
  });
});
