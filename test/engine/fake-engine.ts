import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { greet } from './greeting.js';

/** A server that greets as Docker does and answers everything else as a test says. */
export interface FakeEngine extends AsyncDisposable {
  /** As `--engine` takes it. */
  readonly host: string;
  /** What was asked, the greeting left out: `GET /containers/webapp/json`. */
  readonly asked: readonly string[];
}

/** Answers one request; one that is never answered hangs. */
export type Answer = (asked: string, response: ServerResponse, request: IncomingMessage) => void;

/** @param id the engine's own id; it has none when absent */
export async function startFakeEngine(answer: Answer, id?: string): Promise<FakeEngine> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (url === '/info' && id !== undefined) return void response.end(JSON.stringify({ ID: id, Labels: [] }));
    if (url === '/version' || url === '/info') {
      greet(request, response);
      return;
    }
    asked.push(`${method} ${url}`);
    response.setHeader('content-type', 'application/json');
    answer(`${method} ${url}`, response, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      return Promise.resolve();
    },
  };
}

/** An engine on which there is nothing: no container, no network, no image. */
export const empty: Answer = (asked, response) => {
  if (/^GET \/(?:containers|images)\/json/.test(asked) || /^GET \/networks(?:\?|$)/.test(asked))
    return void response.end('[]');
  const kind = asked.startsWith('GET /networks') ? 'network' : asked.startsWith('GET /images') ? 'image' : 'container';
  response.writeHead(404).end(JSON.stringify({ message: `No such ${kind}` }));
};
