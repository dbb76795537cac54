import { expect } from 'chai';
import { agentImage, AGENT_TAG } from '../../../src/engine/agent-image.js';
import { startAgent, type Agent } from '../../../src/engine/agent.js';
import type { Engine, NewContainer } from '../../../src/engine/engine.js';
import { preflight } from '../../../src/engine/preflight.js';
import { removeOwned } from '../../../src/engine/remove-owned.js';
import { DoctorError } from '../../../src/errors.js';
import { runProgram } from '../../../src/process.js';
import type { NetworkPlan } from '../../../src/scenario/plan.js';
import { startDockerd, whyNoDockerd, type Dockerd } from '../dockerd.js';

const bridge = (name: string, subnet: string): NetworkPlan => ({
  name,
  driver: 'bridge',
  mode: undefined,
  flag: undefined,
  parent: undefined,
  subnets: [{ subnet, gateway: undefined, range: undefined, reserved: {} }],
  internal: false,
  options: {},
});
const macvlan = (name: string, parent: string, subnet: string): NetworkPlan => ({
  ...bridge(name, subnet),
  driver: 'macvlan',
  mode: 'bridge',
  parent,
});
const sleeper = (name: string, network: string, addresses: readonly string[] = []): NewContainer => ({
  name,
  image: AGENT_TAG,
  command: ['sleep', '3600'],
  network,
  addresses,
  dns: [],
  agent: false,
});

const CONTROL = 'DoctorError: The network name "two\\nlines" holds a control character.';

describe('a real Docker Engine', function () {
  this.timeout(60_000);
  let dockerd: Dockerd;
  let engine: Engine;
  let agent: Agent;
  let links: string;
  const machineLinks = () => runProgram('ip', ['-o', 'link', 'show']);
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail('it was not refused'),
      (error: unknown) => (error instanceof DoctorError ? error : expect.fail(String(error))),
    );
  const docker = (path: string, method: string, body?: object) =>
    runProgram('curl', [
      ...['-sS', '--fail-with-body', '-X', method, '--unix-socket', dockerd.host.slice('unix://'.length)],
      ...(body ? ['-H', 'content-type: application/json', '-d', JSON.stringify(body)] : []),
      `http://docker${path}`,
    ]);

  before(async function () {
    this.timeout(600_000);
    if (whyNoDockerd()) return this.skip();
    links = await machineLinks();
    dockerd = await startDockerd();
    ({ engine } = dockerd);
    agent = await startAgent(engine, { image: await agentImage(engine), run: 'suite' });
    await agent.run('ip link add p0 type veth peer name p1 && ip link set p0 up');
  });
  after(async () => {
    await dockerd?.[Symbol.asyncDispose]();
    if (links) expect(await machineLinks()).to.equal(links);
  });

  describe('networks and containers of a real engine', () => {
    it('are created as planned and carry the label of the run', async () => {
      const id = await engine.createNetwork(macvlan('lan', 'p0', '192.168.10.0/24'), 'r1');
      expect(await engine.inspectNetwork('lan')).to.deep.include({
        id,
        driver: 'macvlan',
        mode: 'bridge',
        parent: 'p0',
        subnets: [{ subnet: '192.168.10.0/24', gateway: undefined }],
      });
      const container = await engine.createContainer(sleeper('webapp', 'lan', ['192.168.10.10']), 'r1');
      expect(await engine.inspectContainer('webapp')).to.deep.include({ state: 'created', pid: 0 });
      await engine.startContainer(container);
      const { pid, ...fact } = await engine.inspectContainer(container);
      expect(fact).to.deep.include({ id: container, name: 'webapp', state: 'running' });
      expect(fact.attachments[0])
        .to.include({ network: 'lan' })
        .and.to.deep.include({ addresses: ['192.168.10.10'] });
      const inside = await agent.run(`nsenter -t ${pid} -n ip -o -4 address show eth0`);
      expect(inside.stdout.toString()).to.include('192.168.10.10/24');
      const ours = await engine.listOurs();
      expect(ours.map(({ kind, id, name, run }) => ({ kind, id, name, run }))).to.deep.include.members([
        { kind: 'container', id: container, name: 'webapp', run: 'r1' },
        { kind: 'network', id, name: 'lan', run: 'r1' },
      ]);
      await engine.removeContainer(container);
      await engine.removeNetwork(id);
    });

    it('allow a container several networks', async () => {
      const ids = await Promise.all([
        engine.createNetwork(bridge('front', '10.71.0.0/24'), 'r1'),
        engine.createNetwork(bridge('back', '10.72.0.0/24'), 'r1'),
      ]);
      const container = await engine.createContainer(sleeper('proxy', 'front', ['10.71.0.9']), 'r1');
      await engine.connect('back', container, ['10.72.0.9']);
      await engine.startContainer(container);
      const { attachments } = await engine.inspectContainer(container);
      const addresses = Object.fromEntries(attachments.map(({ network, addresses }) => [network, addresses]));
      expect(addresses).to.deep.equal({ front: ['10.71.0.9'], back: ['10.72.0.9'] });
      await engine.removeContainer(container);
      await Promise.all(ids.map((id) => engine.removeNetwork(id)));
    });

    it('are found by a name that must not get into a path', async () => {
      for (const name of ['my lan;x', 'réseau', 'x?y=1', '../containers/x', 'two\nlines']) {
        const made = await docker('/networks/create', 'POST', { Name: name, Driver: 'bridge' });
        const { Id } = JSON.parse(made) as { Id: string };
        const found = await engine.inspectNetwork(name).then(({ id }) => id, String);
        expect(found).to.equal(name === 'two\nlines' ? CONTROL : Id);
        await engine.removeNetwork(Id);
      }
    });

    it('count as removed when they are gone already', async () => {
      await engine.removeContainer('nosuch');
      await engine.removeNetwork('nosuch');
    });

    it('are removed once when several requests come at the same time', async () => {
      const container = await engine.createContainer(sleeper('wanted', 'none'), 'r1');
      await engine.startContainer(container);
      await Promise.all([1, 2, 3].map(() => engine.removeContainer(container)));
      expect((await refusal(engine.inspectContainer(container))).code).to.equal('NOT_FOUND');
    });
  });

  describe('a request that the engine rejects', () => {
    it('fails with its message for a subnet that overlaps another', async () => {
      const id = await engine.createNetwork(bridge('first', '10.73.0.0/24'), 'r1');
      const { code, message } = await refusal(engine.createNetwork(bridge('second', '10.73.0.0/25'), 'r1'));
      expect(code).to.equal('ENGINE_REFUSED');
      expect(message).to.match(/^Docker rejected the request to create the network second: .*Pool overlaps/);
      await engine.removeNetwork(id);
    });

    it('fails with its message for a parent that does not exist', async () => {
      const { message } = await refusal(engine.createNetwork(macvlan('lost', 'nosuch', '10.74.0.0/24'), 'r1'));
      expect(message).to.match(/create the network lost: .*nosuch/);
    });

    it('fails with its message for an image that does not exist', async () => {
      const { message } = await refusal(engine.createContainer({ ...sleeper('x', 'none'), image: 'nosuch:1' }, 'r1'));
      expect(message).to.include('No such image');
      expect(await engine.inspectImage('nosuch:1')).to.equal(undefined);
    });

    it('fails with its message for an archive without an image', async () => {
      const { Readable } = await import('node:stream');
      const { code } = await refusal(engine.loadImage(Readable.from([Buffer.alloc(2048, 1)])));
      expect(code).to.equal('ENGINE_REFUSED');
    });
  });

  describe('the agent', () => {
    it('says what a script wrote and how it ended', async () => {
      const { stdout, stderr, exitCode } = await agent.run('echo out; echo err >&2; exit 3');
      expect({ stdout: stdout.toString(), stderr, exitCode }).to.deep.equal({
        stdout: 'out\n',
        stderr: 'err\n',
        exitCode: 3,
      });
    });

    it('hands over megabytes, byte for byte', async () => {
      const { stdout } = await agent.run('yes 0123456789abcdef | head -c 20000000');
      expect(stdout.length).to.equal(20_000_000);
      expect(stdout.equals(Buffer.alloc(20_000_000, '0123456789abcdef\n'))).to.equal(true);
    });

    it('takes a script longer than an argument may be, and gives it no input', async () => {
      const { stdout, exitCode } = await agent.run(`# ${'é'.repeat(200_000)}\ncat; echo "done: $((6 * 7))"`);
      expect([stdout.toString(), exitCode]).to.deep.equal(['done: 42\n', 0]);
    });

    it('runs many scripts at once', async () => {
      const outputs = await Promise.all(Array.from({ length: 20 }, (_, number) => agent.run(`echo ${number}`)));
      expect(outputs.map(({ stdout }) => Number(stdout))).to.deep.equal(outputs.map((_, number) => number));
    });

    it("sees the host's network and processes", async () => {
      const { stdout } = await agent.run('ip -o link show docker0 | wc -l; cat /proc/1/cmdline | tr "\\0" " "');
      expect(stdout.toString()).to.match(/^1\nsh -c [^]*dockerd/);
    });

    const running = async (mark: string) => {
      const { stdout } = await agent.run(`cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep '^${mark}[.]'; :`);
      return stdout.toString();
    };

    it('kills what takes too long, with all it started', async () => {
      const script = 'set -m; sleep 4711.1 & set +m; sleep 4711.2 & sh -c "sleep 4711.3; true"; true';
      const { code, message } = await refusal(agent.run(script, { timeoutMs: 300 }));
      expect([code, message]).to.deep.equal(['AGENT_FAILED', 'A command in the container did not end within 300 ms.']);
      expect(await running('4711')).to.equal('');
    });

    it('kills what was interrupted, and works on', async () => {
      const abort = new AbortController();
      const waiting = agent.run('echo started; sleep 4712.1', { signal: abort.signal });
      const refused = refusal(waiting);
      setTimeout(() => abort.abort(), 100);
      expect((await refused).code).to.equal('INTERRUPTED');
      expect(await running('4712')).to.equal('');
    });

    it('fails by name when it was removed', async () => {
      const lost = await startAgent(engine, { image: dockerd.image, run: 'lost' });
      await engine.removeContainer(lost.containerId);
      expect((await refusal(lost.run('true'))).code).to.equal('AGENT_FAILED');
    });

    it('leaves nothing when it cannot start', async () => {
      await agent.run('true');
      const clash = await refusal(startAgent(engine, { image: dockerd.image, run: 'suite' }));
      expect(clash.message).to.include('already in use');
      expect((await agent.run('echo here')).stdout.toString()).to.equal('here\n');
    });
  });

  describe('an exec in a container', () => {
    it('feeds input and reports a program that is not there', async () => {
      const container = await engine.createContainer(sleeper('plain', 'none'), 'r1');
      await engine.startContainer(container);
      const stdin = Buffer.alloc(3_000_000, 'x');
      const { stdout, exitCode } = await engine.exec(container, ['wc', '-c'], { stdin });
      expect([Number(stdout), exitCode]).to.deep.equal([3_000_000, 0]);
      expect((await engine.exec(container, ['nosuch'])).exitCode).to.be.oneOf([126, 127]);
      await engine.removeContainer(container);
    });
  });

  describe('removing what runs left on an engine', () => {
    it('removes what its runs made, networks in use included, and touches nothing else', async () => {
      const foreign = {
        network: JSON.parse(await docker('/networks/create', 'POST', { Name: 'theirs', Driver: 'bridge' })) as {
          Id: string;
        },
        container: JSON.parse(
          // A user's own container from our image inherits the image's labels, and still belongs to the user.
          await docker('/containers/create?name=theirs', 'POST', { Image: AGENT_TAG, Cmd: ['sleep', '3600'] }),
        ) as { Id: string },
      };
      await engine.createNetwork(bridge('swept', '10.75.0.0/24'), 'r2');
      const container = await engine.createContainer(sleeper('swept', 'swept'), 'r2');
      await engine.startContainer(container);
      const other = await engine.createNetwork(bridge('kept', '10.76.0.0/24'), 'r3');

      expect(await removeOwned(engine, { runs: ['r2'] })).to.deep.equal([]);

      const ours = (await engine.listOurs()).map(({ name }) => name);
      expect(ours)
        .to.include.members(['kept', 'ipvlan-doctor-agent-suite'])
        .and.not.to.include('swept')
        .and.not.to.include('theirs');
      expect((await engine.inspectContainer(foreign.container.Id)).name).to.equal('theirs');
      expect((await engine.inspectNetwork(foreign.network.Id)).name).to.equal('theirs');
      await engine.removeNetwork(other);
      await docker(`/containers/${foreign.container.Id}`, 'DELETE');
    });

    it('says what it could not remove, and why', async () => {
      await engine.createNetwork(bridge('busy', '10.77.0.0/24'), 'r4');
      await docker('/containers/create?name=guest', 'POST', {
        Image: AGENT_TAG,
        Cmd: ['sleep', '3600'],
        HostConfig: { NetworkMode: 'busy' },
      });
      await docker('/containers/guest/start', 'POST');
      const [left, ...more] = await removeOwned(engine, { runs: ['r4'] });
      expect(more).to.deep.equal([]);
      expect(left?.object).to.include({ kind: 'network', name: 'busy', run: 'r4' });
      expect(left?.why).to.match(/active endpoints/);
      await docker('/containers/guest?force=1', 'DELETE');
      expect(await removeOwned(engine, { runs: ['r4'] })).to.deep.equal([]);
    });
  });

  describe('preflight', () => {
    it('tries everything, says what busybox lacks, and leaves nothing behind', async () => {
      const before = await engine.listOurs();
      const requirements = await preflight(engine, {});
      expect(await engine.listOurs()).to.deep.equal(before);
      const states = Object.fromEntries(requirements.map(({ name, state }) => [name, state]));
      expect(states).to.include({ engine: 'met', privileges: 'met', 'agent image': 'met', agent: 'met', veth: 'met' });
      expect(requirements.find(({ name }) => name === 'nftables')?.detail).to.include('nft: not found');
    });

    it('says what is missing when there is no agent image', async () => {
      const requirements = await preflight(engine, { image: 'nosuch:1' });
      const states = Object.fromEntries(requirements.map(({ name, state }) => [name, state]));
      expect(states).to.include({ 'agent image': 'unmet', agent: 'untried', 'IPvlan L3': 'untried' });
    });
  });

  describe('the agent image', () => {
    it('is the known one, also when a newer image carries its label and its name', async () => {
      await engine.buildImage(
        await imageFrom('COPY Dockerfile /\nLABEL ipvlan-doctor.agent=1'),
        AGENT_TAG,
        () => undefined,
      );
      const foreign = await engine.inspectImage(AGENT_TAG);
      expect(foreign?.id).not.to.equal(dockerd.image.id);
      const steps: string[] = [];
      const { id } = await agentImage(engine, { onStep: (step) => steps.push(step) });
      expect(id).to.equal(dockerd.image.id);
      expect(steps.join()).to.include(id.slice('sha256:'.length, 'sha256:'.length + 12));
      await docker(`/images/${dockerd.image.id}/tag?repo=ipvlan-doctor-agent&tag=1`, 'POST');
    });

    it('is the one the user names, by its id; for another image the error says which label is missing', async () => {
      expect((await agentImage(engine, { image: AGENT_TAG })).id).to.equal(dockerd.image.id);
      const missing = await refusal(agentImage(engine, { image: 'nosuch:1' }));
      expect([missing.code, missing.message]).to.deep.equal([
        'AGENT_IMAGE',
        `There is no image nosuch:1 on ${dockerd.host}.`,
      ]);
      await engine.buildImage(await imageFrom('COPY Dockerfile /'), 'plain:1', () => undefined);
      const plain = await refusal(agentImage(engine, { image: 'plain:1' }));
      expect(plain.message).to.include('lacks the label ipvlan-doctor.agent=1');
    });
  });
});

async function imageFrom(lines: string): Promise<Buffer> {
  const { pack } = await import('../../../src/engine/archive.js');
  return pack({ Dockerfile: `FROM scratch\n${lines}\n` });
}
