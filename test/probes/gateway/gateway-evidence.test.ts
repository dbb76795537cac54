import { expect } from 'chai';
import { DoctorError } from '../../../src/errors.js';
import { GATEWAY_COMMAND, parseGatewayEvidence } from '../../../src/probes/gateway/gateway-evidence.js';
import { attempt } from '../../../src/process.js';

describe('a gateway’s evidence', () => {
  it('is what its command prints, wherever it can be run', async () => {
    const { stdout } = await attempt('sh', ['-c', GATEWAY_COMMAND]);
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

  it('is nothing else', () => {
    expect(() => parseGatewayEvidence('hello', 'gateway')).to.throw(DoctorError, /not a gateway's evidence/);
  });
});
