import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { resolveEndpoint, type EndpointSources } from '../../src/engine/endpoint.js';
import { DoctorError } from '../../src/errors.js';

describe('resolving an endpoint', () => {
  let directory: string;
  const put = (path: string, content: string | object) => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  const id = (name: string) => createHash('sha256').update(name).digest('hex');
  const putContext = (name: string, Host: string, SkipTLSVerify = false) => {
    put(`contexts/meta/${id(name)}/meta.json`, {
      Name: name,
      Metadata: {},
      Endpoints: { docker: { Host, SkipTLSVerify } },
    });
  };
  const resolve = (sources: Partial<EndpointSources>) =>
    resolveEndpoint({ configDirectory: directory, env: {}, ...sources });
  const refusal = (sources: Partial<EndpointSources>) => {
    try {
      resolve(sources);
    } catch (error) {
      if (error instanceof DoctorError) return error;
    }
    throw new Error('it was not refused');
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'endpoint-'));
    putContext('flag', 'tcp://flag:1');
    putContext('variable', 'tcp://variable:1');
    putContext('current', 'tcp://current:1');
    put('config.json', { auths: {}, currentContext: 'current' });
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const everything = { DOCKER_HOST: 'tcp://host:1', DOCKER_CONTEXT: 'variable' };
  const precedence: readonly (readonly [string, Partial<EndpointSources>, string])[] = [
    ['--engine before everything', { engine: 'tcp://engine:1', env: everything }, 'tcp://engine:1'],
    ['--context before DOCKER_HOST', { context: 'flag', env: everything }, 'context flag (tcp://flag:1)'],
    ['DOCKER_HOST before DOCKER_CONTEXT', { env: everything }, 'tcp://host:1'],
    [
      'DOCKER_CONTEXT before the current one',
      { env: { DOCKER_CONTEXT: 'variable' } },
      'context variable (tcp://variable:1)',
    ],
    ['the current context before the default socket', {}, 'context current (tcp://current:1)'],
    [
      'an empty variable as none at all',
      { env: { DOCKER_HOST: '', DOCKER_CONTEXT: '' } },
      'context current (tcp://current:1)',
    ],
    ['the default context by name, DOCKER_HOST included', { context: 'default', env: everything }, 'tcp://host:1'],
    ['the default context by variable', { env: { DOCKER_CONTEXT: 'default' } }, 'unix:///var/run/docker.sock'],
  ];
  for (const [what, sources, name] of precedence) {
    it(`takes ${what}`, () => {
      expect(resolve(sources).name).to.equal(name);
    });
  }

  it('ends at the default socket, also where the docker client was never run', () => {
    rmSync(join(directory, 'config.json'));
    expect(resolve({}).transport).to.deep.equal({ kind: 'unix', path: '/var/run/docker.sock' });
    expect(resolve({ configDirectory: join(directory, 'nosuch') }).name).to.equal('unix:///var/run/docker.sock');
  });

  it('looks where DOCKER_CONFIG says, else in the home directory', () => {
    const configDirectory = undefined;
    put('.docker/config.json', { currentContext: 'default' });
    expect(resolveEndpoint({ configDirectory, env: { DOCKER_CONFIG: directory } }).name).to.include('context current');
    expect(resolveEndpoint({ configDirectory, env: { HOME: directory } }).name).to.equal('unix:///var/run/docker.sock');
  });

  const forms: readonly (readonly [string, object])[] = [
    ['unix:///run/user/1000/docker.sock', { kind: 'unix', path: '/run/user/1000/docker.sock' }],
    ['unix://', { kind: 'unix', path: '/var/run/docker.sock' }],
    ['tcp://nas:4711', { kind: 'tcp', host: 'nas', port: 4711 }],
    ['tcp://nas', { kind: 'tcp', host: 'nas', port: 2375 }],
    ['nas:4711', { kind: 'tcp', host: 'nas', port: 4711 }],
    ['tcp://:4711', { kind: 'tcp', host: 'localhost', port: 4711 }],
    ['tcp://[fd00::1]:4711', { kind: 'tcp', host: 'fd00::1', port: 4711 }],
    ['http://nas:80', { kind: 'tcp', host: 'nas', port: 80 }],
    ['ssh://me@nas:2222', { kind: 'ssh', target: 'me@nas', port: 2222 }],
    ['ssh://nas', { kind: 'ssh', target: 'nas', port: undefined }],
  ];
  for (const [host, transport] of forms) {
    it(`reads ${host}`, () => {
      expect(resolve({ engine: host }).transport).to.deep.equal(transport);
    });
  }

  describe('resolving an endpoint with TLS', () => {
    const certificates = (path: string) => {
      for (const name of ['ca', 'cert', 'key']) put(`${path}/${name}.pem`, `${path} ${name}`);
    };

    it('takes the certificates DOCKER_CERT_PATH names, and its own port', () => {
      certificates('mine');
      const env = { DOCKER_HOST: 'tcp://nas', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(directory, 'mine') };
      const { tls, transport } = resolve({ env });
      expect(tls).to.deep.include({ verify: true, ca: Buffer.from('mine ca'), key: Buffer.from('mine key') });
      expect(transport).to.include({ port: 2376 });
    });

    it('takes those of the configuration directory without DOCKER_CERT_PATH, and does not verify for DOCKER_TLS', () => {
      certificates('.');
      expect(resolve({ env: { DOCKER_HOST: 'tcp://nas', DOCKER_TLS: '1' } }).tls).to.deep.include({
        verify: false,
        cert: Buffer.from('. cert'),
      });
    });

    it("takes a context's own, also when the environment names another", () => {
      certificates(`contexts/tls/${id('flag')}/docker`);
      const { tls } = resolve({ context: 'flag', env: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nosuch' } });
      expect(tls).to.deep.include({ verify: true, ca: Buffer.from(`contexts/tls/${id('flag')}/docker ca`) });
    });

    it('uses TLS without verifying for a context that skips it, and none for one without certificates', () => {
      putContext('careless', 'tcp://nas:2376', true);
      expect(resolve({ context: 'careless' }).tls).to.include({ verify: false, ca: undefined });
      expect(resolve({ context: 'flag' }).tls).to.equal(undefined);
    });

    it('asks for no certificate where there is no TLS: a socket', () => {
      const env = { DOCKER_HOST: 'unix:///tmp/docker.sock', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nosuch' };
      expect(resolve({ env }).tls).to.equal(undefined);
    });

    it('rejects half a certificate and a missing authority, naming the directory', () => {
      put('half/ca.pem', 'ca');
      put('half/cert.pem', 'cert');
      const env = { DOCKER_HOST: 'tcp://nas', DOCKER_TLS_VERIFY: '1' };
      const half = refusal({ env: { ...env, DOCKER_CERT_PATH: join(directory, 'half') } });
      expect(half.message).to.equal(`${directory}/half has only one of cert.pem and key.pem.`);
      expect(refusal({ env }).message).to.include(`there is no ca.pem in ${directory}`);
    });
  });

  describe('a wrong choice of an engine', () => {
    it('is rejected with both flags at once', () => {
      expect(refusal({ engine: 'tcp://a:1', context: 'flag' })).to.include({
        code: 'USAGE',
        hint: 'Give one of them.',
      });
    });

    it('is rejected with an unknown context, and a similar one is suggested', () => {
      const { code, message } = refusal({ context: 'curent' });
      expect(code).to.equal('NOT_FOUND');
      expect(message).to.match(/^There is no Docker context called curent .* Did you mean "current"\?$/);
    });

    it('is rejected with a damaged configuration file, which is named', () => {
      put('config.json', '{ "currentContext": ');
      expect(refusal({}).message).to.include(`${directory}/config.json is damaged`);
      put('config.json', { currentContext: 7 });
      expect(refusal({})).to.include({ code: 'INPUT_INVALID' });
    });

    it('is rejected with a damaged context, whose file is named', () => {
      put(`contexts/meta/${id('flag')}/meta.json`, { Name: 'flag', Endpoints: {} });
      expect(refusal({ context: 'flag' }).message).to.match(/meta\.json is damaged: .*Endpoints/);
    });

    for (const host of [
      'npipe:////./pipe/docker_engine',
      'ftp://nas',
      'tcp://nas/path',
      'ssh://-oProxyCommand=x',
      'tcp://a b',
    ]) {
      it(`is rejected with the host ${host}, and the error says what is allowed`, () => {
        expect(refusal({ env: { DOCKER_HOST: host } })).to.include({ code: 'USAGE' });
      });
    }
  });
});
