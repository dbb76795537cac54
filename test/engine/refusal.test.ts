import { expect } from 'chai';
import type { Endpoint } from '../../src/engine/endpoint.js';
import { explained, unreachable } from '../../src/engine/refusal.js';
import { DoctorError } from '../../src/errors.js';

const endpoint: Endpoint = {
  name: 'unix:///var/run/docker.sock',
  transport: { kind: 'unix', path: '/var/run/docker.sock' },
  tls: undefined,
};
const failed = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('an error of the engine', () => {
  it("carries the engine's own message and what was asked", () => {
    const json = { message: 'Pool overlaps with other one on this address space' };
    const refused = Object.assign(new Error('(HTTP code 403) unexpected - Pool overlaps '), { statusCode: 403, json });
    const { code, message } = explained(refused, 'create the network office', endpoint);
    expect(code).to.equal('ENGINE_REFUSED');
    expect(message).to.equal(
      'Docker rejected the request to create the network office: Pool overlaps with other one on this address space',
    );
  });

  it('leaves out the words that dockerode puts around it', () => {
    const refused = Object.assign(new Error('(HTTP code 500) server error - no space left '), { statusCode: 500 });
    expect(explained(refused, 'load', endpoint).message).to.equal('Docker rejected the request to load: no space left');
  });

  it('stays as it is when it is a DoctorError already', () => {
    const ours = new DoctorError('INTERRUPTED', 'Interrupted.');
    expect(explained(ours, 'wait', endpoint)).to.equal(ours);
  });

  for (const [code, why, hint] of [
    ['EACCES', 'you may not open it', 'docker group'],
    ['ECONNREFUSED', 'nothing listens there', 'Is Docker running'],
    ['ETIMEDOUT', 'it did not answer in time', 'firewall'],
    ['ECONNRESET', 'the connection broke', 'DOCKER_TLS_VERIFY'],
  ] as const) {
    it(`says what ${code} means and what to do`, () => {
      const error = explained(failed(code), 'list images', endpoint);
      expect(error.code).to.equal('ENGINE_UNREACHABLE');
      expect(error.message).to.equal(`No Docker Engine answers at unix:///var/run/docker.sock: ${why}.`);
      expect(error.hint).to.include(hint);
    });
  }

  it('quotes what it does not know', () => {
    expect(unreachable(new Error('the moon is full.'), endpoint).message).to.include(': the moon is full.');
  });
});
