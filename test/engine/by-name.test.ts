import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { connectEngine } from '../../src/engine/connect.js';
import { resolveEndpoint } from '../../src/engine/endpoint.js';
import type { Engine } from '../../src/engine/engine.js';
import { attach } from '../../src/workflows/attach/attach.js';
import { attachAll } from '../../src/workflows/attach/attach-all.js';
import { greet } from './greeting.js';

const NETWORK = `a1${'0'.repeat(62)}`;
const CONTAINER = `c1${'0'.repeat(62)}`;

describe('an object that a user names', () => {
  let server: Server;
  let engine: Engine;
  /** Paths the engine was asked for, as they came. */
  let asked: string[];
  let networks: { readonly Id: string; readonly Name: string }[];
  let containers: { readonly Id: string; readonly Names: readonly string[] }[];

  /** As much of Docker's API as naming takes (synthetic). It answers requests by id only. */
  beforeEach(async () => {
    asked = [];
    networks = [];
    containers = [];
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://docker');
      if (pathname === '/version' || pathname === '/info') {
        greet(request, response);
        return;
      }
      asked.push(request.url ?? '');
      const answer = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (pathname === '/networks') return answer(200, networks.map(described));
      if (pathname === '/containers/json') return answer(200, containers);
      const network = networks.find(({ Id }) => pathname === `/networks/${Id}`);
      if (network) return answer(200, described(network));
      const container = containers.find(({ Id }) => pathname === `/containers/${Id}/json`);
      if (container) return answer(200, inspected(container));
      return answer(404, { message: 'page not found' });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    engine = await connectEngine(resolveEndpoint({ engine: `tcp://127.0.0.1:${port}`, env: {} }));
  });
  afterEach(() => {
    engine.disconnect();
    server.close();
  });

  const described = ({ Id, Name }: { readonly Id: string; readonly Name: string }) => {
    return { Id, Name, Driver: 'ipvlan', Internal: false, Options: {}, IPAM: { Config: [] } };
  };
  const inspected = ({ Id, Names }: { readonly Id: string; readonly Names: readonly string[] }) => {
    const Networks = Object.fromEntries(networks.map(({ Name }) => [Name, {}]));
    return { Id, Name: Names[0], State: { Status: 'running', Pid: 7 }, NetworkSettings: { Networks } };
  };
  const said = (promise: Promise<unknown>) => promise.then(() => 'it was found', String);
  const ONLY_IDS = /^\/(networks|containers\/json\?all=true|networks\/[0-9a-f]{64}|containers\/[0-9a-f]{64}\/json)\??$/;

  for (const name of [
    'réseau',
    'x?y=1',
    '../containers/x',
    'my lan;x',
    'a%2e%2e/b',
    '#',
    '..',
    '✨',
    '--help',
    '$(id)',
  ])
    it(`is found as a network: ${name}`, async () => {
      networks = [{ Id: NETWORK, Name: name }];
      expect(await engine.inspectNetwork(name)).to.include({ id: NETWORK, name });
      expect(asked.filter((url) => !ONLY_IDS.test(url))).to.deep.equal([]);
    });

  it('never becomes a path, for any name', async () => {
    const printable = fc.string({ unit: 'binary', minLength: 1 }).filter((name) => !/\p{Cc}/u.test(name));
    await fc.assert(
      fc.asyncProperty(printable, async (name) => {
        networks = [{ Id: NETWORK, Name: name }];
        containers = [{ Id: CONTAINER, Names: [`/${name}`] }];
        expect((await engine.inspectNetwork(name)).id).to.equal(NETWORK);
        expect((await engine.inspectContainer(name)).id).to.equal(CONTAINER);
      }),
      { numRuns: 20 },
    );
    expect(asked.filter((url) => !ONLY_IDS.test(url))).to.deep.equal([]);
  });

  for (const name of ['a\nb', '\u001b[2J', 'x\u0000', 'tab\there', '\u009b31m'])
    it(`is rejected with a control character, without a request to the engine: ${JSON.stringify(name)}`, async () => {
      for (const looked of [engine.inspectNetwork(name), engine.inspectContainer(name), engine.inspectImage(name)]) {
        const error = await said(looked);
        expect(error).to.include('holds a control character');
        expect(error).not.to.match(/\p{Cc}/u);
      }
      expect(asked).to.deep.equal([]);
    });

  it('is found by the beginning of its id, as Docker finds it; a name comes before that', async () => {
    const other = `a1${'f'.repeat(62)}`;
    networks = [
      { Id: NETWORK, Name: 'office' },
      { Id: other, Name: 'a10' },
    ];
    expect((await engine.inspectNetwork('a100')).id).to.equal(NETWORK);
    expect((await engine.inspectNetwork('a10')).id).to.equal(other);
    expect((await engine.inspectNetwork(other)).name).to.equal('a10');
    expect(await said(engine.inspectNetwork('a1'))).to.match(/There are 2 networks that "a1" may mean/);
    expect(await said(engine.inspectNetwork(''))).to.match(/There is no network/);
  });

  it('is ambiguous where two have the name, and says by which id to ask', async () => {
    const other = `b2${'0'.repeat(62)}`;
    networks = [NETWORK, other].map((Id) => ({ Id, Name: 'office' }));
    const error = await engine.inspectNetwork('office').catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'USAGE' }).and.property('hint').to.include('a10000000000, b20000000000');
  });

  it('may be an image with a registry, and no path out of the images', async () => {
    expect(await engine.inspectImage('registry:5000/team/agent:1?x')).to.equal(undefined);
    expect(asked).to.deep.equal(['/images/registry:5000/team/agent:1%3Fx/json']);
    for (const name of ['../containers/x', 'a/../b', 'a//b', '.', ''])
      expect(await said(engine.inspectImage(name))).to.include('No image can be called');
  });

  it('is examined with a network of an unknown driver, and without one that cannot be read', async () => {
    networks = [
      { Id: NETWORK, Name: 'my lan;x' },
      { Id: `b2${'0'.repeat(62)}`, Name: 'two\nlines' },
    ];
    containers = [{ Id: CONTAINER, Names: ['/webapp'] }];
    const { networks: known, passedOver } = await attach(engine, 'webapp');
    expect(known.map(({ name }) => name)).to.deep.equal(['my lan;x']);
    expect(passedOver.join()).to.include('"two\\nlines" holds a control character');
    expect((await attachAll(engine, [])).networks.map(({ name }) => name)).to.deep.equal(['my lan;x']);
    expect(await said(attachAll(engine, ['../containers/x']))).to.include('neither a network nor a container');
  });
});
