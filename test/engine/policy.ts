import { createServer } from 'node:http';
import { join } from 'node:path';

/** An authorization plugin of Docker's, as companies have them: it decides which requests an engine hears. */
export interface Policy extends AsyncDisposable {
  /** Its socket, for the engine. */
  readonly socket: string;
  /** Whether privileged containers may be made; at first they may. */
  privileged: boolean;
}

interface AskedAbout {
  readonly RequestMethod: string;
  readonly RequestUri: string;
  /** Base64. */
  readonly RequestBody?: string;
}

/** Starts one in a directory, where its socket will be. */
export async function startPolicy(directory: string): Promise<Policy> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(JSON.stringify(answer(request.url ?? '', Buffer.concat(chunks).toString()))));
  });
  const policy: Policy = {
    socket: join(directory, 'policy.sock'),
    privileged: true,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  await new Promise<void>((listening) => server.listen(policy.socket, listening));
  return policy;

  function answer(url: string, body: string): object {
    if (url === '/Plugin.Activate') return { Implements: ['authz'] };
    if (url !== '/AuthZPlugin.AuthZReq' || policy.privileged) return { Allow: true };
    return asksForPrivilege(JSON.parse(body) as AskedAbout)
      ? { Allow: false, Msg: 'privileged containers are not allowed here' }
      : { Allow: true };
  }
}

function asksForPrivilege({ RequestMethod, RequestUri, RequestBody = '' }: AskedAbout): boolean {
  if (RequestMethod !== 'POST' || !/\/containers\/create\b/.test(RequestUri)) return false;
  const { HostConfig } = JSON.parse(Buffer.from(RequestBody, 'base64').toString()) as {
    readonly HostConfig?: { readonly Privileged?: boolean };
  };
  return HostConfig?.Privileged ?? false;
}
