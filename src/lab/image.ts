import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_LABEL, AGENT_PACKAGES, AGENT_TAG, AGENT_VERSION } from '../engine/agent-image.js';
import { writeImageArchive } from '../engine/archive.js';
import { DoctorError } from '../errors.js';
import { runProgram } from '../process.js';
import { chooseAccelerator, type Accelerator } from './accelerator.js';
import { writeAgentLayer } from './agent-layer.js';
import { loadImage, waitForApi } from './api.js';
import { cached } from './cache.js';
import { daemonConfiguration, GUEST_PACKAGES, INIT, LEFT_OUT, RESOLV_CONF, type Release } from './guest.js';
import { AGENT_SOCKET, KERNEL_ARGUMENTS, MONITOR_SOCKET, startMachine } from './machine.js';
import { execInGuest } from './guest-agent.js';
import { makeCertificates } from './tls.js';

/** A lab's files in the cache; nothing in them is ever written again, so that a killed lab cannot break them. */
export interface LabImage {
  readonly release: Release;
  readonly directory: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly disk: string;
  readonly state: string;
  readonly certificates: string;
  /** The agent image as `docker load` takes it, for engines without a registry. */
  readonly agentArchive: string;
  readonly accelerator: Accelerator;
}

export interface BuildOptions {
  readonly release: Release;
  readonly onStep?: ((step: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The lab's image, built when the cache does not hold it: a Debian tree, the agent image cut out of it, and the machine
 * saved with dockerd up and the agent image loaded. Takes about a minute and a half under software emulation.
 *
 * @throws DoctorError `REQUIREMENT_MISSING` naming the program, `LAB_FAILED`, `OUTPUT_UNWRITABLE`, `INTERRUPTED`
 */
export async function labImage(options: BuildOptions): Promise<LabImage> {
  const { release } = options;
  const rootfs = await cached(`rootfs-${release}-${hash(rootfsIngredients(release))}`, (directory) =>
    buildRootfs(directory, options),
  );
  const kernel = join(rootfs, 'vmlinuz');
  const accelerator = await chooseAccelerator(kernel);
  const made = [rootfs, INIT, KERNEL_ARGUMENTS, daemonConfiguration(release), AGENT_VERSION];
  const key = hash([...made, await qemuVersion(), ...accelerator.arguments]);
  const directory = await cached(`lab-${release}-${accelerator.name}-${key}`, async (unfinished) => {
    await buildMachine(layout({ release, directory: unfinished, rootfs, accelerator }), options);
  });
  return layout({ release, directory, rootfs, accelerator });
}

function layout({
  release,
  directory,
  rootfs,
  accelerator,
}: {
  release: Release;
  directory: string;
  rootfs: string;
  accelerator: Accelerator;
}): LabImage {
  return {
    release,
    directory,
    accelerator,
    kernel: join(rootfs, 'vmlinuz'),
    initrd: join(rootfs, 'initrd'),
    agentArchive: join(rootfs, 'agent.tar'),
    disk: join(directory, 'disk.qcow2'),
    state: join(directory, 'state'),
    certificates: join(directory, 'certificates'),
  };
}

function rootfsIngredients(release: Release): readonly unknown[] {
  return [release, AGENT_PACKAGES, GUEST_PACKAGES, LEFT_OUT, AGENT_VERSION];
}

/** A Debian tree as a tar file, its kernel and initrd, and the agent image. */
async function buildRootfs(directory: string, { release, onStep, signal }: BuildOptions): Promise<void> {
  const tar = join(directory, 'rootfs.tar');
  onStep?.(`Building Debian ${release} with Docker Engine (about half a minute, 200 MB of packages)`);
  await runProgram(
    'mmdebstrap',
    [
      '--variant=minbase',
      '--aptopt=APT::Install-Recommends "false"',
      ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
      `--include=${[...AGENT_PACKAGES, ...GUEST_PACKAGES].join(',')}`,
      release,
      tar,
    ],
    { ...(signal ? { signal } : {}), onLine: (line) => onStep?.(`Debian ${release}: ${line.replace(/^I: /, '')}`) },
  );
  onStep?.('Cutting the agent image out of it');
  const layer = join(directory, 'layer.tar');
  await writeAgentLayer(tar, layer, AGENT_PACKAGES);
  await writeImageArchive(join(directory, 'agent.tar'), {
    layer,
    tag: AGENT_TAG,
    labels: { [AGENT_LABEL]: AGENT_VERSION },
  });
  await rm(layer);
  await runProgram('tar', ['-xf', tar, '-C', directory, '--wildcards', './boot/vmlinuz*', './boot/initrd*']);
  const boot = join(directory, 'boot');
  for (const name of await readdir(boot))
    await rename(join(boot, name), join(directory, name.startsWith('vmlinuz') ? 'vmlinuz' : 'initrd'));
  await rm(boot, { recursive: true });
}

/** The disk, and the machine saved as it runs. */
async function buildMachine(image: LabImage, { onStep, signal, release }: BuildOptions): Promise<void> {
  const tree = join(image.directory, 'tree');
  onStep?.('Making the disk');
  await makeCertificates(join(image.directory, 'tls'), image.certificates);
  await writeFile(join(image.directory, 'lab-init'), INIT);
  await writeFile(join(image.directory, 'daemon.json'), daemonConfiguration(release));
  await writeFile(join(image.directory, 'resolv.conf'), RESOLV_CONF);
  await mkdir(tree);
  await runProgram('sh', ['-c', diskScript(), 'sh', join(image.kernel, '..', 'rootfs.tar'), image.directory], {
    ...(signal ? { signal } : {}),
  });
  // Relative, because the directory is renamed when it is complete.
  const base = ['-b', 'base.ext4', '-F', 'raw'];
  await runProgram('qemu-img', ['create', '-q', '-f', 'qcow2', ...base, 'disk.qcow2'], { cwd: image.directory });
  signal?.throwIfAborted();
  onStep?.(
    image.accelerator.name === 'kvm' ? 'Booting the machine' : 'Booting the machine (software emulation: about 20 s)',
  );
  await bootAndSave(image, { onStep, signal });
}

/** Unpacking with the right owners needs root; fakeroot does it for other users. */
function diskScript(): string {
  const script = [
    'tar -xf "$1" -C "$2/tree"',
    'install -m 755 "$2/lab-init" "$2/tree/sbin/lab-init"',
    'mkdir -p "$2/tree/etc/docker"',
    'cp -r "$2/tls" "$2/tree/etc/docker/tls"',
    'cp "$2/daemon.json" "$2/tree/etc/docker/daemon.json"',
    'rm -f "$2/tree/etc/resolv.conf" && cp "$2/resolv.conf" "$2/tree/etc/resolv.conf"',
    'echo "127.0.0.1 localhost lab" > "$2/tree/etc/hosts"',
    'rm -rf "$2/tree/boot" && mkdir "$2/tree/boot"',
    'mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$2/tree" "$2/base.ext4" 3G',
    'rm -rf "$2/tree" "$2/tls" "$2/lab-init" "$2/daemon.json" "$2/resolv.conf"',
  ].join(' && ');
  return `if [ "$(id -u)" = 0 ]; then ${script}; else fakeroot sh -c '${script}' sh "$1" "$2"; fi`;
}

async function bootAndSave(
  image: LabImage,
  { onStep, signal }: Pick<BuildOptions, 'onStep' | 'signal'>,
): Promise<void> {
  const machine = await startMachine({ ...image, state: undefined, private: true, port: undefined });
  try {
    const endpoint = { port: machine.port, certificates: image.certificates };
    await waitForApi(endpoint, () => signal?.aborted !== true);
    onStep?.('Loading the agent image into the lab');
    await loadImage(endpoint, image.agentArchive);
    await execInGuest(join(image.directory, AGENT_SOCKET), ['/bin/sync']);
    onStep?.('Saving the running machine');
    const { monitor } = machine;
    await monitor.ask('stop');
    await monitor.ask('migrate-set-parameters', { 'max-bandwidth': 100_000_000_000 });
    await monitor.ask('migrate', { uri: `exec:cat > '${image.state}'` });
    for (let status = ''; status !== 'completed';) {
      ({ status } = (await monitor.ask('query-migrate')) as { status: string });
      if (status === 'failed')
        throw new DoctorError('LAB_FAILED', 'The running machine could not be saved: is the disk full?');
    }
    await monitor.ask('quit').catch(() => undefined); // It may be gone before it answers.
  } finally {
    machine.monitor[Symbol.dispose]();
    try {
      process.kill(machine.pid, 'SIGKILL');
    } catch {
      // It has quit already.
    }
  }
  for (const name of [AGENT_SOCKET, MONITOR_SOCKET]) await rm(join(image.directory, name), { force: true });
  await chmod(image.certificates, 0o700);
}

async function qemuVersion(): Promise<string> {
  return (await runProgram('qemu-system-x86_64', ['--version'])).split('\n')[0] ?? '';
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
