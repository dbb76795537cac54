import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { AGENT_TAG } from '../../../src/engine/agent-image.js';
import { connectEngine } from '../../../src/engine/connect.js';
import { resolveEndpoint } from '../../../src/engine/endpoint.js';
import { isRunning } from '../../../src/lab/cache.js';
import { findLab, resetLab, startLab, type Lab } from '../../../src/lab/lab.js';

describe('the lab', function () {
  this.timeout(120_000);
  const name = `test-${process.pid}`;
  let lab: Lab;
  let other: Lab;

  before(async () => {
    lab = await startLab({ name, release: 'trixie', private: true });
    other = await startLab({ name: `${name}-other`, release: 'trixie', private: true });
  });
  after(async () => {
    await lab?.stop();
    await other?.stop();
  });

  const shell = async (one: Lab, script: string) => (await one.exec(['/bin/sh', '-c', script])).stdout.trim();

  it('runs beside another, and neither sees what happens in the other', async () => {
    await shell(lab, 'ip link add only-here type dummy');
    expect(await shell(lab, 'ls /sys/class/net')).to.include('only-here');
    expect(await shell(other, 'ls /sys/class/net')).to.not.include('only-here');
  });

  it('runs a kernel with IPvlan and a Docker Engine that holds the agent image', async () => {
    const engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }));
    try {
      expect(engine.facts).to.include({ disposable: true });
      expect(engine.facts.version).to.match(/^26\./);
      expect(await engine.inspectImage(lab.record.agentImage ?? '')).to.deep.include({ tags: [AGENT_TAG] });
    } finally {
      engine.disconnect();
    }
    expect(
      await shell(lab, 'ip link add d0 type dummy && ip link add link d0 i0 type ipvlan mode l3 && echo yes'),
    ).to.equal('yes');
  });

  it('accepts no connection to Docker’s port without its certificate', async () => {
    const refused = await new Promise<string>((resolve) => {
      const { port } = lab.record;
      const ask = request({ host: '127.0.0.1', port, path: '/version', rejectUnauthorized: false }, (response) =>
        resolve(`answered ${response.statusCode}`),
      );
      ask.on('error', ({ message }) => resolve(message));
      ask.end();
    });
    expect(refused).to.match(/certificate required|alert|socket hang up|ECONNRESET/i);
  });

  it('reaches nothing outside', async () => {
    expect(await shell(lab, 'ip route show default')).to.equal('');
    expect(await shell(lab, 'ip route get 1.1.1.1 2>&1')).to.match(/unreachable/i);
    const heard: unknown[] = [];
    const server = createServer((socket) => heard.push(socket.end())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // 10.0.2.2 is this machine, where QEMU's user network would let the guest through.
    const exit = await lab.exec(['/bin/sh', '-c', `nc -n -z -v -w 2 10.0.2.2 ${port}`]);
    server.close();
    expect([heard, exit.exitCode]).to.deep.equal([[], 1]);
  });

  it('knows what time it is', async () => {
    const drift = Math.abs(Number(await shell(lab, 'date +%s')) - Date.now() / 1000);
    expect(drift, 'seconds').to.be.below(5);
  });

  it('comes back clean under its own port when it is reset', async () => {
    await shell(lab, 'ip link add before-reset type dummy');
    const again = await resetLab(lab);
    expect(again.record.port).to.equal(lab.record.port);
    expect(await shell(again, 'ls /sys/class/net')).to.not.include('before-reset');
    lab = again;
  });

  it('outlives the command that started it, until it is told to go down', async () => {
    const cli = async (...args: readonly string[]) => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'lab', ...args], { stdio: 'ignore' });
      const [code] = (await once(child, 'exit')) as [number];
      return code;
    };
    expect(await cli('up', '--name', `${name}-named`)).to.equal(0);
    expect((await findLab(`${name}-named`))?.record.name).to.equal(`${name}-named`);
    expect(await cli('status')).to.equal(0);
    expect(await cli('down', '--name', `${name}-named`)).to.equal(0);
    expect(await findLab(`${name}-named`)).to.equal(undefined);
  });

  it('ends with a private owner that is killed, and leaves nothing behind', async () => {
    const script = `
      import { startLab } from './src/lab/lab.ts';
      const lab = await startLab({ name: '${name}-orphan', release: 'trixie', private: true });
      console.log(lab.record.pid);
      setInterval(() => undefined, 1000);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const machine = Number(line.toString());
    expect(isRunning(machine)).to.equal(true);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    while (isRunning(machine)) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await findLab(`${name}-orphan`)).to.equal(undefined);
  });
});
