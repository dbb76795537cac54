import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { messageOf } from '../../../src/errors.js';
import { clientCommand, CLIENT_FAMILIES } from '../../../src/probes/client/client-command.js';
import { parseClientEvidence } from '../../../src/probes/client/client-evidence.js';
import { decoded } from '../../../src/probes/printed-text.js';
import { attempt } from '../../../src/process.js';

const printed = (family: string) => readFileSync(`test/probes/client/printed/${family}.txt`, 'utf8');
const rejected = (text: string) => {
  try {
    parseClientEvidence(text);
    return 'it was accepted';
  } catch (error) {
    return messageOf(error);
  }
};

describe('a LAN client’s evidence', () => {
  for (const family of CLIENT_FAMILIES) {
    it(`of ${family} has addresses, routes and neighbours, and what it asked`, () => {
      const client = parseClientEvidence(printed(family));
      expect(client).to.deep.include({ family, target: '192.168.10.10', addresses: ['192.168.0.50'] });
      const link = client.links.find(({ addresses }) => addresses.includes('192.168.0.50/24'));
      expect(link).to.include({ mac: '52:54:00:bb:00:50', adminUp: true, carrier: true });
      const routes = client.routes.map(({ destination, via, device }) => `${destination} ${via ?? '-'} ${device}`);
      expect(routes).to.include.members([`0.0.0.0/0 192.168.0.1 ${link?.name}`, `192.168.0.0/24 - ${link?.name}`]);
      const router = client.neighbours.find(({ address }) => address === '192.168.0.1');
      expect(router).to.include({ mac: '52:54:00:aa:00:02', device: link?.name });
      expect(client.asked.map(({ to, over, outcome }) => [to, over.protocol, outcome])).to.deep.equal([
        ['192.168.10.10', 'icmp', { ...ARRIVED, sent: 3, arrived: 3, ttl: 63 }],
        ['192.168.0.1', 'icmp', { ...ARRIVED, sent: 3, arrived: 3, ttl: 64 }],
        ['192.168.10.10', 'tcp', { ...ARRIVED, sent: 1, arrived: 1, ttl: undefined }],
      ]);
    });

    it(`of ${family} is the same in UTF-16 and with Windows’ line ends, and rejected where it ends too early`, () => {
      const text = printed(family).replaceAll('\n', '\r\n');
      const file = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
      expect(parseClientEvidence(decoded(file))).to.deep.equal(parseClientEvidence(printed(family)));
      expect(rejected(text.slice(0, text.indexOf('ping-router')))).to.match(/ends too early|none of the headings/);
    });
  }

  it('knows a reply of the container from an error of a router, in any language', () => {
    const text = printed('windows').replaceAll(
      'Antwort von 192.168.10.10: Bytes=32 Zeit<1ms TTL=63',
      'Antwort von 192.168.0.1: Zielhost nicht erreichbar.',
    );
    expect(parseClientEvidence(text).asked[0]?.outcome).to.include({ arrived: 0, failure: 'timeout' });
  });

  for (const [what, says, failure] of [
    [
      'bash',
      'bash: connect: Connection refused\nbash: line 1: /dev/tcp/192.168.10.10/80: Connection refused',
      'refused',
    ],
    ['bash, told to end', '', 'timeout'],
    ['bash', 'bash: connect: No route to host', 'host-unreachable'],
    ['nc of macOS', 'nc: connectx to 192.168.10.10 port 80 (tcp) failed: Connection refused', 'refused'],
    ['nc of macOS', 'nc: connectx to 192.168.10.10 port 80 (tcp) failed: Operation timed out', 'timeout'],
    ['Windows', 'ConnectionRefused', 'refused'],
    ['Windows', 'NetworkUnreachable', 'no-route'],
  ] as const)
    it(`tells why it did not connect: ${what}, ${failure}`, () => {
      const text = printed('linux').replace('\nconnected\n', `\n${says}\nnot connected\n`);
      expect(parseClientEvidence(text).asked[2]?.outcome).to.include({ arrived: 0, failure });
    });

  for (const says of ['not asked', "nc: invalid option -- 'z'\nnot connected"])
    it(`says nothing of a port where no program of the client can connect: ${says.split('\n')[0]}`, () => {
      const text = printed('linux').replace('\nconnected\n', `\n${says}\n`);
      expect(parseClientEvidence(text).asked.map(({ over }) => over.protocol)).to.deep.equal(['icmp', 'icmp']);
    });

  it('is nothing else', () => {
    expect(rejected('hello')).to.match(/not a LAN client's evidence: it has none of the headings/);
    expect(rejected('### ipvlan-doctor links\n[]\n### ipvlan-doctor end')).to.match(/none of the headings/);
  });

  it('asks for a port that is open, and for one that is closed, as a shell does it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asks = async () => {
      const { stdout } = await attempt('sh', ['-c', tcpPart(clientCommand('linux', { address: '127.0.0.1', port }))]);
      return parseClientEvidence(printed('linux').replace('\nconnected\n', `\n${stdout}\n`)).asked[2]?.outcome;
    };
    expect(await asks()).to.include({ arrived: 1, failure: undefined });
    server.close();
    await once(server, 'close');
    expect(await asks()).to.include({ arrived: 0, failure: 'refused' });
  });

  it('has a command for each family, which a shell takes', async () => {
    for (const family of ['linux', 'macos']) {
      const { exitCode } = await attempt('sh', ['-n', '-c', clientCommand(family, { address: '192.0.2.1', port: 9 })]);
      expect(exitCode).to.equal(0);
    }
    expect(clientCommand('windows', { address: '192.0.2.1', port: 9 })).to.include("$C='192.0.2.1'");
    expect(() => clientCommand('amiga', { address: '127.0.0.1', port: 9 })).to.throw(/no command for a client/);
  });
});

/** What a client runs for the port alone: the rest of the command would read this machine. */
const tcpPart = (command: string) => `C=127.0.0.1; { ${/(if command -v bash.*?; fi)/.exec(command)?.[1]}; }`;

const ARRIVED = { kind: 'attempts', failure: undefined, roundTripMs: undefined, said: [], answers: [] };
