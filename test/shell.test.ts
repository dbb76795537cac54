import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { ControlCharacter, sh } from '../src/shell.js';

describe('a command with foreign words in it', () => {
  for (const word of ['my lan', 'evil;touch x', '$(id)', "it's", '*', '', '~', '#1', '{a,b}', 'a\\b']) {
    it(`hands ${JSON.stringify(word)} to the program as one word`, () => {
      expect(execFileSync('sh', ['-c', sh`printf '<%s>' ${word}`]).toString()).to.equal(`<${word}>`);
    });
  }

  it('leaves our own text and harmless words as they are', () => {
    expect(sh`ip link set dev ${'enp0s3.10'} mtu ${1400}`).to.equal('ip link set dev enp0s3.10 mtu 1400');
  });

  it('refuses a word with a control character', () => {
    expect(() => sh`ip link set dev ${'a\nreboot'} up`).to.throw(ControlCharacter, '"a\\nreboot"');
  });
});
