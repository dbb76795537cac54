import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { agentImage, AGENT_TAG, AGENT_VERSION } from '../../src/engine/agent-image.js';
import { imageIdIn, pack, writeImageArchive } from '../../src/engine/archive.js';
import { connectEngine } from '../../src/engine/connect.js';
import { resolveEndpoint } from '../../src/engine/endpoint.js';
import type { Engine } from '../../src/engine/engine.js';
import { rememberImage } from '../../src/engine/known-images.js';
import { greet } from './greeting.js';

const id = (letter: string) => `sha256:${letter.repeat(64)}`;
const labelled = { 'ipvlan-doctor.agent': AGENT_VERSION };

describe('the agent image', () => {
  let state: string;
  let server: Server;
  let engine: Engine;
  let builds: number;
  /** Images on the engine, newest first, by id. */
  let images: Map<string, { readonly tags: readonly string[]; readonly labels: Readonly<Record<string, string>> }>;
  const before = process.env['IPVLAN_DOCTOR_STATE'];

  /** As much of Docker's API as images take (synthetic): what it builds is `b`. */
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-images-'));
    process.env['IPVLAN_DOCTOR_STATE'] = state;
    builds = 0;
    images = new Map([[id('f'), { tags: [AGENT_TAG], labels: labelled }]]);
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://docker');
      if (pathname === '/version' || pathname === '/info') {
        greet(request, response);
        return;
      }
      response.setHeader('content-type', 'application/json');
      if (pathname === '/images/json')
        return response.end(JSON.stringify([...images].map(([Id, { tags }]) => ({ Id, RepoTags: tags }))));
      if (pathname === '/build') {
        builds++;
        images.set(id('b'), { tags: [AGENT_TAG], labels: labelled });
        return request.resume().on('end', () => response.end(`{"aux":{"ID":"${id('b')}"}}\n`));
      }
      const name = /^\/images\/(.+)\/json$/.exec(pathname)?.[1] ?? '';
      const [found] = [...images].filter(([Id, { tags }]) => Id === name || tags.includes(name));
      response.statusCode = found ? 200 : 404;
      const [Id, image] = found ?? [];
      response.end(JSON.stringify({ Id, RepoTags: image?.tags, Config: { Labels: image?.labels } }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    engine = await connectEngine(resolveEndpoint({ engine: `tcp://127.0.0.1:${port}`, env: {} }));
  });
  afterEach(async () => {
    engine.disconnect();
    server.close();
    if (before === undefined) delete process.env['IPVLAN_DOCTOR_STATE'];
    else process.env['IPVLAN_DOCTOR_STATE'] = before;
    await rm(state, { recursive: true });
  });

  it('is built where only a foreign image carries its label and its name', async () => {
    expect(await agentImage(engine)).to.deep.equal({ id: id('b'), name: `${AGENT_TAG} (bbbbbbbbbbbb)` });
    expect(builds).to.equal(1);
  });

  it('is the one that was built, from then on', async () => {
    await agentImage(engine);
    images = new Map([[id('e'), { tags: [AGENT_TAG], labels: labelled }], ...images]);
    expect((await agentImage(engine)).id).to.equal(id('b'));
    expect(builds).to.equal(1);
  });

  it('is built again where the one that was built is gone', async () => {
    await agentImage(engine);
    images.delete(id('b'));
    expect((await agentImage(engine)).id).to.equal(id('b'));
    expect(builds).to.equal(2);
  });

  it('is not one that was built for another version', async () => {
    rememberImage('0', id('f'));
    expect((await agentImage(engine)).id).to.equal(id('b'));
  });

  it('is the id behind the name the user gives, and must be of this version', async () => {
    images.set(id('a'), { tags: ['mine:1'], labels: labelled });
    images.set(id('c'), { tags: ['old:1'], labels: { 'ipvlan-doctor.agent': '0' } });
    expect(await agentImage(engine, { image: 'mine:1' })).to.deep.equal({ id: id('a'), name: 'mine:1 (aaaaaaaaaaaa)' });
    expect(await agentImage(engine, { image: 'old:1' }).catch(String)).to.include('of version 0');
    expect(builds).to.equal(0);
  });

  it('is told: which, and that it is built', async () => {
    const steps: string[] = [];
    await agentImage(engine, { onStep: (step) => steps.push(step) });
    expect(steps[0]).to.match(/^Building the agent image/);
    expect(steps.at(-1)).to.equal(`Using the agent image ${AGENT_TAG} (bbbbbbbbbbbb)`);
  });

  it('is not believed to be known where others could have noted it', async () => {
    rememberImage(AGENT_VERSION, id('f'));
    await chmod(join(state, 'agent-images'), 0o777);
    expect(await agentImage(engine).catch(String)).to.include('can be written by other users');
  });

  it('has the id that its archive names, and an archive of two images has none', async () => {
    const [layer, archive] = [join(state, 'layer.tar'), join(state, 'image.tar')];
    await writeFile(layer, await pack({ file: 'content' }));
    await writeImageArchive(archive, { layer, tag: AGENT_TAG, labels: labelled });
    const named = await imageIdIn(archive);
    expect(named).to.match(/^sha256:[0-9a-f]{64}$/);
    await writeImageArchive(archive, { layer, tag: 'another:1', labels: {} });
    expect(await imageIdIn(archive)).to.not.equal(named);
    const two = [{ Config: 'a.json' }, { Config: 'b.json' }];
    await writeFile(archive, await pack({ 'manifest.json': JSON.stringify(two), 'a.json': '{}', 'b.json': '{}' }));
    expect(await imageIdIn(archive).catch(String)).to.include('exactly one image');
  });
});
