import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectEngine } from '../../src/engine/connect.js';
import { resolveEndpoint, type Endpoint } from '../../src/engine/endpoint.js';
import { DoctorError } from '../../src/errors.js';
import { runProgram } from '../../src/process.js';
import { greet } from './greeting.js';

describe('connecting to an engine', () => {
  let directory: string;
  let server: Server | undefined;
  const path = (name: string) => join(directory, name);
  const at = (engine: string, env: Record<string, string> = {}) => resolveEndpoint({ engine, env });
  const listen = async (listening: Server, where: string | { port: number; host: string }) => {
    server = listening.listen(where);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const loopback = { port: 0, host: '127.0.0.1' };
  const greeted = async (endpoint: Endpoint) => {
    const engine = await connectEngine(endpoint);
    engine.disconnect();
    return engine.facts.version;
  };
  const refusal = (endpoint: Endpoint) =>
    connectEngine(endpoint).then(
      () => expect.fail('it connected'),
      (error: unknown) => (error instanceof DoctorError ? error : expect.fail(String(error))),
    );
  before(async function () {
    this.timeout(20_000);
    directory = mkdtempSync(join(tmpdir(), 'connect-'));
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    await runProgram('openssl', [...request, ...name, '-keyout', path('key.pem'), '-out', path('ca.pem')]);
    writeFileSync(path('cert.pem'), readFileSync(path('ca.pem')));
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  it('learns what it is', async () => {
    await listen(createServer(greet), path('engine.sock'));
    const engine = await connectEngine(at(`unix://${path('engine.sock')}`));
    engine.disconnect();
    expect(engine.name).to.equal(`unix://${path('engine.sock')}`);
    expect(engine.facts).to.deep.equal({
      product: 'Docker Engine',
      version: '26.1.5',
      apiVersion: '1.45',
      kernel: '6.12.30',
      operatingSystem: 'Debian',
      disposable: false,
    });
  });

  it('goes to the endpoint it is given, also when DOCKER_HOST names another', async () => {
    const port = await listen(createServer(greet), loopback);
    const { DOCKER_HOST } = process.env;
    process.env['DOCKER_HOST'] = 'not even: an address';
    try {
      expect(await greeted(at(`tcp://127.0.0.1:${port}`))).to.equal('26.1.5');
      expect(process.env['DOCKER_HOST']).to.equal('not even: an address');
    } finally {
      if (DOCKER_HOST === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = DOCKER_HOST;
    }
  });

  it('keeps its connections open between requests', async () => {
    const connections = new Set<unknown>();
    const counting = createServer(greet).on('connection', (socket) => connections.add(socket));
    await listen(counting, path('kept.sock'));
    const engine = await connectEngine(at(`unix://${path('kept.sock')}`));
    const opened = connections.size;
    await engine.listNetworks([]).catch(() => undefined);
    expect(connections.size).to.equal(opened);
    engine.disconnect();
    await engine.listNetworks([]).catch(() => undefined);
    expect(connections.size).to.equal(opened + 1);
    engine.disconnect();
  });

  describe('over TLS', () => {
    const secure = () => {
      const [key, cert] = [readFileSync(path('key.pem')), readFileSync(path('cert.pem'))];
      return createSecureServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: true }, greet);
    };

    it('shows its certificate and checks that of the engine', async () => {
      const port = await listen(secure(), loopback);
      const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: directory };
      expect(await greeted(at(`tcp://127.0.0.1:${port}`, env))).to.equal('26.1.5');
    });

    it('does not trust an engine it does not know, unless told not to look', async () => {
      const port = await listen(secure(), loopback);
      const endpoint = at(`tcp://127.0.0.1:${port}`, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: directory });
      const tls = endpoint.tls && { ...endpoint.tls, ca: undefined };
      const { code, message, hint } = await refusal({ ...endpoint, tls });
      expect([code, message]).to.deep.equal([
        'ENGINE_UNREACHABLE',
        `No Docker Engine answers at tcp://127.0.0.1:${port}: self-signed certificate.`,
      ]);
      expect(hint).to.include('DOCKER_CERT_PATH');
      expect(await greeted({ ...endpoint, tls: tls && { ...tls, verify: false } })).to.equal('26.1.5');
    });

    it('says so when the engine does not speak it', async () => {
      const port = await listen(createServer(greet), loopback);
      const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: directory };
      const { hint } = await refusal(at(`tcp://127.0.0.1:${port}`, env));
      expect(hint).to.include('DOCKER_TLS_VERIFY');
    });
  });

  describe('over ssh', () => {
    const { PATH = '' } = process.env;
    const pretend = (script: string) => {
      writeFileSync(path('ssh'), `#!/bin/sh\n${script}\n`);
      chmodSync(path('ssh'), 0o755);
      process.env['PATH'] = `${directory}:${PATH}`;
    };
    afterEach(() => {
      process.env['PATH'] = PATH;
    });

    it("uses the user's own ssh, as the docker client does", async () => {
      await listen(createServer(greet), path('remote.sock'));
      const relay = `process.stdin.pipe(require("net").connect(process.argv[1]).on("data", (d) => process.stdout.write(d)))`;
      pretend(`echo "$@" >${path('arguments')}\nexec ${process.execPath} -e '${relay}' ${path('remote.sock')}`);
      expect(await greeted(at('ssh://me@nas:2222'))).to.equal('26.1.5');
      expect(readFileSync(path('arguments'), 'utf8').trim()).to.equal(
        '-T -o BatchMode=yes -o ConnectTimeout=5 -p 2222 -- me@nas docker system dial-stdio',
      );
    });

    it("quotes ssh's complaint", async () => {
      pretend('echo "me@nas: Permission denied (publickey)." >&2; exit 255');
      const { message, hint } = await refusal(at('ssh://me@nas'));
      expect(message).to.equal('No Docker Engine answers at ssh://me@nas: me@nas: Permission denied (publickey).');
      expect(hint).to.include('ssh-add');
    });
  });

  it('says so when this machine has no ssh', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = directory;
    rmSync(path('ssh'), { force: true });
    try {
      expect((await refusal(at('ssh://me@nas'))).message).to.include('the program ssh is not installed');
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  describe('says why nothing answers', () => {
    it('when there is no socket', async () => {
      const { code, message, hint } = await refusal(at(`unix://${path('nosuch.sock')}`));
      expect(code).to.equal('ENGINE_UNREACHABLE');
      expect(message).to.equal(`No Docker Engine answers at unix://${path('nosuch.sock')}: there is no such socket.`);
      expect(hint).to.include('systemctl status docker').and.to.include('--engine lab');
    });

    it('when nothing listens', async () => {
      const port = await listen(createServer(greet), loopback);
      server?.close();
      expect((await refusal(at(`tcp://127.0.0.1:${port}`))).message).to.include('nothing listens there');
    });

    it('when something else listens', async () => {
      const port = await listen(
        createServer((_, response) => response.end('hello')),
        loopback,
      );
      expect((await refusal(at(`tcp://127.0.0.1:${port}`))).message).to.include('is not a Docker Engine');
    });

    it('when the engine wants TLS', async () => {
      const wants = 'Client sent an HTTP request to an HTTPS server.\n';
      const port = await listen(
        createServer((_, response) => response.writeHead(400).end(wants)),
        loopback,
      );
      const { code, hint } = await refusal(at(`tcp://127.0.0.1:${port}`));
      expect([code, hint]).to.deep.equal(['ENGINE_UNREACHABLE', 'Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.']);
    });
  });
});
