import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AGENT_LABEL, AGENT_TAG, AGENT_VERSION, type AgentImage } from '../../src/engine/agent-image.js';
import { imageIdIn, writeImageArchive } from '../../src/engine/archive.js';
import { connectEngine } from '../../src/engine/connect.js';
import { resolveEndpoint } from '../../src/engine/endpoint.js';
import type { Engine } from '../../src/engine/engine.js';
import { rememberImage } from '../../src/engine/known-images.js';
import { cached, isRunning } from '../../src/lab/cache.js';
import { attempt, runProgram, start } from '../../src/process.js';

/**
 * A Docker Engine of our own for tests: Debian's packages unpacked, never installed (installing would start a daemon in the
 * machine's own network), running in network, mount and process namespaces of its own.
 */
export interface Dockerd extends AsyncDisposable {
  /** `unix://…` */
  readonly host: string;
  readonly engine: Engine;
  /** The image it was given; known as ours, so that agents start from it. */
  readonly image: AgentImage;
}

/** Docker, and the libraries it needs that a small Debian lacks. */
const PACKAGES = ['docker.io', 'containerd', 'runc', 'libdevmapper1.02.1', 'libseccomp2', 'busybox-static'];
const PATIENCE_MS = 60_000;
/** Parent of its containers' control groups, before the number of the process that tests. */
const CGROUP = '/ipvlan-doctor-test-';
const PREFIX = 'ipvlan-doctor-dockerd-';

/** Why this machine cannot run one; `undefined` when it can. */
export function whyNoDockerd(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'a Docker Engine in namespaces of its own needs root';
}

/**
 * Starts an engine with the agent image loaded.
 *
 * @param agentArchive the agent image; when absent one of busybox with the agent's label, which is much smaller
 * @param policy socket of an authorization plugin it asks about every request; none is asked when absent
 */
export async function startDockerd(agentArchive?: string, policy?: string): Promise<Dockerd> {
  const tree = await unpacked();
  await removeLeftDirectories();
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const host = `unix://${join(directory, 'docker.sock')}`;
  await makeRunc(tree, directory);
  const daemon = start(
    'setpriv',
    ['--pdeathsig', 'KILL', ...NAMESPACES, 'sh', '-c', BOOT, 'sh', ...flags(directory, policy)],
    {
      stdio: 'ignore',
      env: { ...(await environment(tree, directory)), ...(policy === undefined ? {} : { POLICY: policy }) },
    },
  );
  const forget = useState(join(directory, 'state'));
  const stop = async () => {
    forget();
    daemon.kill('SIGKILL');
    await daemon;
    await removeCgroups(process.pid);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const engine = await answering(host, directory);
    const archive = agentArchive ?? join(tree, 'agent.tar');
    await engine.loadImage(createReadStream(archive));
    const image = { id: await imageIdIn(archive), name: AGENT_TAG };
    rememberImage(AGENT_VERSION, image.id);
    return { host, engine, image, [Symbol.asyncDispose]: () => (engine.disconnect(), stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A test that has no state directory of its own must not note images, or journals, in that of the person who runs it. */
function useState(directory: string): () => void {
  if (process.env['IPVLAN_DOCTOR_STATE']) return () => undefined;
  process.env['IPVLAN_DOCTOR_STATE'] = directory;
  return () => delete process.env['IPVLAN_DOCTOR_STATE'];
}

/** A process namespace, so that nothing it starts can outlive it; killed with the test, even when SIGKILL ends that. */
const NAMESPACES = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Plugins are found by their sockets' place, which is this engine's own. */
const BOOT = `ip link set lo up
[ -z "$POLICY" ] || { mount -t tmpfs none /run && mkdir -p /run/docker/plugins && ln -s "$POLICY" /run/docker/plugins/policy.sock; }
dockerd "$@" >"$LOG" 2>&1 & wait`;

function flags(directory: string, policy: string | undefined): readonly string[] {
  const own = ['data-root', 'exec-root', 'pidfile'].map((name) => `--${name}=${join(directory, name)}`);
  const cgroups = ['--exec-opt=native.cgroupdriver=cgroupfs', `--cgroup-parent=${CGROUP}${process.pid}`];
  const asked = policy === undefined ? [] : ['--authorization-plugin=policy'];
  return [...own, ...cgroups, ...asked, `--host=unix://${join(directory, 'docker.sock')}`, '--log-level=warn'];
}

async function environment(tree: string, directory: string): Promise<Record<string, string>> {
  const files = await readdir(tree, { recursive: true });
  const libraries = new Set(files.filter((file) => /\.so\.[\d.]+$/.test(file)).map((file) => join(tree, file, '..')));
  return {
    PATH: [join(directory, 'bin'), join(tree, 'usr/sbin'), join(tree, 'usr/bin'), process.env['PATH'] ?? ''].join(':'),
    LD_LIBRARY_PATH: [...libraries].join(':'),
    LOG: join(directory, 'log'),
  };
}

/**
 * A build machine may itself lack a capability, and runc then refuses a privileged container, which asks for them all. This
 * runc leaves out of each container what is not there to give.
 */
async function makeRunc(tree: string, directory: string): Promise<void> {
  const held = BigInt(`0x${/^CapBnd:\s*(\w+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]}`);
  const names = (await runProgram('setpriv', ['--list-caps'])).split('\n');
  const lacking = names.filter((_, number) => !((held >> BigInt(number)) & 1n));
  const edits = lacking.map((name) => `-e 's/"CAP_${name.toUpperCase()}",//g'`);
  const edit = edits.length > 0 ? `sed -i ${edits.join(' ')}` : ':';
  const runc = join(directory, 'bin', 'runc');
  const real = (await readdir(join(tree, 'usr/sbin'))).includes('runc') ? 'usr/sbin/runc' : 'usr/bin/runc';
  await mkdir(join(directory, 'bin'));
  await writeFile(
    runc,
    `#!/bin/sh
for arg; do
  case $before in
    --bundle) ${edit} "$arg/config.json" ;;
    --process) ${edit} "$arg" ;;
  esac
  before=$arg
done
exec ${join(tree, real)} "$@"
`,
  );
  await chmod(runc, 0o755);
}

async function answering(host: string, directory: string): Promise<Engine> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await connectEngine(resolveEndpoint({ engine: host, env: {} }));
    } catch (error) {
      const log = await readFile(join(directory, 'log'), 'utf8').catch(() => '');
      if (Date.now() > deadline || /failed to start daemon/.test(log))
        throw new Error(log.slice(-3000), { cause: error });
    }
    await wait(50);
  }
}

/** Debian's packages, unpacked into the cache. */
export async function unpacked(): Promise<string> {
  const sources = await runProgram('apt-get', ['download', '--print-uris', ...PACKAGES]);
  const hash = createHash('sha256').update(sources).update(AGENT_VERSION).digest('hex').slice(0, 16);
  return cached(`dockerd-${hash}`, async (directory) => {
    const debs = join(directory, 'debs');
    await mkdir(debs);
    await runProgram('apt-get', ['download', '-qq', ...PACKAGES], { cwd: debs });
    for (const deb of await readdir(debs)) await runProgram('dpkg-deb', ['-x', join(debs, deb), directory]);
    await rm(debs, { recursive: true });
    await packBusybox(directory);
  });
}

async function packBusybox(directory: string): Promise<void> {
  const [root, layer] = [join(directory, 'busybox'), join(directory, 'layer.tar')];
  const bin = join(root, 'bin');
  await mkdir(bin, { recursive: true });
  await mkdir(join(root, 'tmp'));
  const binary = join(directory, (await readdir(directory)).includes('bin') ? 'bin' : 'usr/bin', 'busybox');
  await runProgram('cp', [binary, bin]);
  const applets = (await runProgram(binary, ['--list'])).split('\n').filter((name) => name !== 'busybox');
  await Promise.all(applets.map((name) => symlink('busybox', join(bin, name))));
  await runProgram('tar', ['-C', root, '-cf', layer, '.']);
  await writeImageArchive(join(directory, 'agent.tar'), {
    layer,
    tag: AGENT_TAG,
    labels: { [AGENT_LABEL]: AGENT_VERSION },
  });
}

/** Removes what killed tests left. */
async function removeLeftDirectories(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : process.pid;
    if (isRunning(owner)) continue;
    await removeCgroups(owner);
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function removeCgroups(owner: number): Promise<void> {
  const ours = ['(', '-path', `*${CGROUP}${owner}`, '-o', '-path', `*${CGROUP}${owner}/*`, ')'];
  await attempt('find', ['/sys/fs/cgroup', '-depth', '-type', 'd', ...ours, '-exec', 'rmdir', '{}', '+']);
}
