import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { connectEngine } from '../../src/engine/connect.js';
import { resolveEndpoint } from '../../src/engine/endpoint.js';
import { greet } from './greeting.js';

const NETWORK = 'f'.repeat(64);

describe('removing a network whose endpoints the engine still counts', () => {
  let server: Server;
  afterEach(() => server.close());

  /** An engine that refuses so many times, and shows these containers attached, of which some exist. */
  const removed = async (refusals: number, attached: readonly string[], existing: readonly string[]) => {
    let asked = 0;
    server = createServer((request, response) => {
      const { method, url = '' } = request;
      const answer = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (url === '/version' || url === '/info') {
        greet(request, response);
        return;
      }
      const container = /^\/containers\/(\w+)\/json/.exec(url)?.[1];
      if (container) return answer(existing.includes(container) ? 200 : 404, { message: 'No such container' });
      if (method === 'GET') return answer(200, { Containers: Object.fromEntries(attached.map((id) => [id, {}])) });
      if (++asked > refusals) return response.writeHead(204).end();
      return answer(403, { message: `network inside id ${NETWORK} has active endpoints` });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const engine = await connectEngine(resolveEndpoint({ engine: `tcp://127.0.0.1:${port}`, env: {} }));
    const said = await engine.removeNetwork(NETWORK).then(() => 'removed', String);
    engine.disconnect();
    return { said, asked };
  };

  it('waits until the engine releases containers that are gone', async () => {
    expect(await removed(2, ['abc'], [])).to.deep.equal({ said: 'removed', asked: 3 });
  });

  it('leaves it at once to a container that is there', async () => {
    const { said, asked } = await removed(2, ['abc'], ['abc']);
    expect(said).to.include('has active endpoints');
    expect(asked).to.equal(1);
  });
});
