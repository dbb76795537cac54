import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DoctorError } from '../errors.js';
import { start } from '../process.js';
import type { Accelerator } from './accelerator.js';
import { DOCKER_PORT } from './guest.js';
import { openMonitor, type Conversation } from './monitor.js';

/** What a machine is started from. All paths absolute. */
export interface MachineOptions {
  /** Holds the machine's disk, sockets and serial log. */
  readonly directory: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly disk: string;
  readonly accelerator: Accelerator;
  /** Memory image to resume from; absent boots from scratch. */
  readonly state: string | undefined;
  /** Whether the machine ends with this process, however that ends. */
  readonly private: boolean;
  /** Loopback port for Docker's API; a free one when absent. */
  readonly port: number | undefined;
}

/** A running QEMU process. */
export interface Machine {
  readonly pid: number;
  readonly port: number;
  readonly monitor: Conversation;
}

/**
 * The command line of the guest's kernel. A disposable machine needs no hardening: zeroed kernel memory and security modules make
 * programs, of which a look starts a hundred, about a tenth slower to start under emulation (measured in turn with a machine
 * that has them).
 */
export const KERNEL_ARGUMENTS = [
  ...['console=ttyS0', 'root=/dev/vda', 'ro', 'init=/sbin/lab-init', 'net.ifnames=0', 'quiet', 'panic=-1'],
  ...['mitigations=off', 'init_on_alloc=0', 'lsm=capability', 'hardened_usercopy=off', 'randomize_kstack_offset=off'],
].join(' ');

/** Guest memory. A state file is little larger than what the guest really used. */
const MEMORY = '1024';

/** File names within a machine's directory. */
export const MONITOR_SOCKET = 'monitor.sock';
export const AGENT_SOCKET = 'agent.sock';
/** What the guest says on its console; nothing as long as it is well. */
const SERIAL_LOG = 'serial.log';
/** What QEMU itself says. */
const LOG = 'qemu.log';
/** Everything a machine may have said before it ended. */
export const LOGS = [SERIAL_LOG, LOG];

/** How often a free port may be snatched away between finding and using it. */
const PORT_ATTEMPTS = 5;

/**
 * Starts QEMU; the guest runs when this returns, but its services may not answer yet.
 *
 * @throws DoctorError `LAB_FAILED` with what QEMU said
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    try {
      return await launch(options, port);
    } catch (error) {
      if (options.port !== undefined || attempt === PORT_ATTEMPTS || !/host forwarding/.test(String(error)))
        throw error;
    }
  }
}

async function launch(options: MachineOptions, port: number): Promise<Machine> {
  const [program, ...args] = [
    ...(options.private ? ['setpriv', '--pdeathsig', 'KILL'] : []),
    'qemu-system-x86_64',
    ...qemuArguments(options, port),
  ];
  // A file of its own and no pipe: the process that starts a named machine ends long before it.
  const log = createWriteStream(join(options.directory, LOG));
  await once(log, 'open');
  const child = start(program ?? '', args, {
    cwd: options.directory,
    stdio: ['ignore', 'ignore', log],
    // A group of its own: Ctrl-C ends only us, and the machine runs on until we have cleaned up in it.
    detached: true,
    cleanup: false,
  });
  const end = new AbortController();
  void child.then(() => end.abort());
  log.close();
  if (!options.private) child.unref();
  try {
    const monitor = await openMonitor(join(options.directory, MONITOR_SOCKET), () => !end.signal.aborted);
    await resumed(monitor);
    return { pid: child.pid ?? 0, port, monitor };
  } catch (error) {
    if (!end.signal.aborted) child.kill('SIGKILL');
    await child;
    const said = await readFile(join(options.directory, LOG), 'utf8').catch(() => '');
    throw new DoctorError('LAB_FAILED', `QEMU did not start: ${said.trim() || String(error)}`, {
      hint: '"ipvlan-doctor lab build" rebuilds the image if it was damaged; "make setup" installs QEMU.',
      cause: error,
    });
  }
}

/** Waits until the memory image is loaded, and resumes the guest: it was saved while it was stopped. */
async function resumed(monitor: Conversation): Promise<void> {
  for (;;) {
    const { status } = (await monitor.ask('query-status')) as { status: string };
    if (status === 'running') return;
    if (status === 'inmigrate') await wait(5);
    else await monitor.ask('cont');
  }
}

function qemuArguments(options: MachineOptions, port: number): string[] {
  return [
    ...['-machine', 'pc', ...options.accelerator.arguments, '-m', MEMORY],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', options.kernel, '-initrd', options.initrd, '-append', KERNEL_ARGUMENTS],
    ...['-drive', `if=virtio,file=${options.disk},format=qcow2,cache=unsafe`],
    ...['-netdev', `user,id=management,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:${DOCKER_PORT}`],
    ...['-device', 'virtio-net-pci,netdev=management,romfile='],
    ...['-device', 'virtio-serial', '-chardev', `socket,path=${AGENT_SOCKET},server=on,wait=off,id=agent`],
    ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
    ...[
      '-device',
      'virtio-rng-pci',
      '-serial',
      `file:${SERIAL_LOG}`,
      '-qmp',
      `unix:${MONITOR_SOCKET},server=on,wait=off`,
    ],
    ...(options.state ? ['-incoming', `exec:cat '${options.state}'`] : []),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
