import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { embedded, operands, placeholder, sh, UnsafeWord, type ShellCommand } from '../src/shell.js';

const wordsOf = (command: ShellCommand) => execFileSync('sh', ['-c', sh`printf '<%s>' ${command}`.text]).toString();

describe('a command with foreign words in it', () => {
  for (const word of ['my lan', 'evil;touch x', '$(id)', "it's", '*', '', '~', '#1', '{a,b}', 'a\\b']) {
    it(`hands ${JSON.stringify(word)} to the program as one word`, () => {
      expect(wordsOf(sh`${word}`)).to.equal(`<${word}>`);
    });
  }

  it('leaves our own text and harmless words as they are', () => {
    expect(sh`ip link set dev ${'enp0s3.10'} mtu ${1400}`.text).to.equal('ip link set dev enp0s3.10 mtu 1400');
  });

  it('takes what it made as it is, and a list with blanks between, none for an empty one', () => {
    const metric = (value: number) => (value > 0 ? [sh`metric ${value}`] : []);
    expect(sh`ip route add default ${metric(5)} dev ${'my lan'}`.text).to.equal(
      "ip route add default metric 5 dev 'my lan'",
    );
    expect(sh`ip route add default ${metric(0)} dev eth0`.text).to.equal('ip route add default dev eth0');
    expect(sh`ip route add default dev eth0 ${metric(0)}`.text).to.equal('ip route add default dev eth0');
    expect(wordsOf(sh`${['a b', 'c']}`)).to.equal('<a b><c>');
  });

  for (const word of ['a\nreboot', 'a\u001b[2K', 'a\u202eb', 'a\u200bb'])
    it(`refuses ${JSON.stringify(word)}, which ends the line or hides what it is`, () => {
      expect(() => sh`ip link set dev ${word} up`.text).to.throw(UnsafeWord, /control character/);
      expect(() => sh`nft ${embedded`list table ip "${word}"`}`.text).to.throw(UnsafeWord);
    });

  it('refuses a word that a program would read as an option', () => {
    expect(() => sh`docker network rm ${'--help'}`.text).to.throw(UnsafeWord, '"--help" could be read as an option');
    expect(sh`ip link set dev ${'-x'} up`.text).to.equal('ip link set dev -x up');
    expect(sh`docker run --name ${'-x'} ${placeholder('IMAGE')}`.text).to.equal('docker run --name -x IMAGE');
  });

  it('puts -- before operands only where one looks like an option', () => {
    expect(sh`docker network rm ${operands('lan')}`.text).to.equal('docker network rm lan');
    expect(sh`docker network connect ${operands('lan', '--help')}`.text).to.equal(
      'docker network connect -- lan --help',
    );
  });

  it('knows what the reader has to fill in', () => {
    const route = sh`ip route add default via ${placeholder('GATEWAY')}`;
    expect(sh`${route} && ${route}`.placeholders).to.deep.equal(['GATEWAY']);
    expect(sh`ip route add default via ${'GATEWAY'}`.placeholders).to.deep.equal([]);
  });

  it('tells two commands apart without printing them', () => {
    expect(sh`a ${'b\n'}`.equals(sh`a ${'b\n'}`)).to.equal(true);
    expect(sh`nft ${embedded`list ${'x'}`}`.equals(sh`nft ${embedded`list ${'y'}`}`)).to.equal(false);
  });
});

describe("a text in a program's own language", () => {
  const device = (name: string) => sh`nft ${embedded`add rule ip t c oifname "${name}" accept`}`.text;

  it('reaches the program as one word', () => {
    expect(wordsOf(sh`${embedded`add rule ip t c oifname "${'a;touch>p'}" accept`}`)).to.equal(
      '<add rule ip t c oifname "a;touch>p" accept>',
    );
  });

  for (const name of ['a" accept; flush ruleset; add rule ip t c oifname "b', 'eth*', 'a\\', '$(id)'])
    it(`refuses ${JSON.stringify(name)} within quotes`, () => {
      expect(() => device(name)).to.throw(UnsafeWord, /cannot be written in the language of that program/);
    });

  for (const name of ['x; flush ruleset', '', '-a', "x'", 'x y', '{x}'])
    it(`refuses ${JSON.stringify(name)} without quotes`, () => {
      expect(() => sh`nft ${embedded`list table ip ${name}`}`.text).to.throw(UnsafeWord);
    });
});
