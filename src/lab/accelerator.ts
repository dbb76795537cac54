import { access, constants, readFile, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { start } from '../process.js';
import { makeCacheDirectory } from './cache.js';

/** How QEMU runs the guest, as arguments, and a name that tells snapshots of different ones apart. */
export interface Accelerator {
  readonly name: 'kvm' | 'tcg';
  readonly arguments: readonly string[];
}

const KVM: Accelerator = { name: 'kvm', arguments: ['-accel', 'kvm', '-cpu', 'host', '-smp', '2'] };

/**
 * With "-cpu max" the emulated guest dead-locked; Nehalem was stable and fastest (tried on QEMU 7.2). One processor: with two the
 * kernel panicked about once in thirty labs ("Oops: int3" in code it had just patched, as it does to switch a tracepoint or a
 * netfilter hook: one emulated processor still ran what the other had rewritten).
 */
const TCG: Accelerator = { name: 'tcg', arguments: ['-accel', 'tcg', '-cpu', 'Nehalem', '-smp', '1'] };

/** A kernel says its first word within a second where KVM works. */
const KVM_PATIENCE_MS = 5000;

/**
 * KVM where it demonstrably boots this kernel, else software emulation. `/dev/kvm` may exist, open, and still hang a guest
 * in its firmware, so that nothing less than a boot is believed. The verdict is remembered for the running host kernel.
 */
export async function chooseAccelerator(kernel: string): Promise<Accelerator> {
  const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable) return TCG;
  const file = join(makeCacheDirectory(), `kvm-${release()}`);
  const remembered = await readFile(file, 'utf8').catch(() => undefined);
  const works = remembered === undefined ? await bootsWithKvm(kernel) : remembered === 'works';
  if (remembered === undefined) await writeFile(file, works ? 'works' : 'hangs');
  return works ? KVM : TCG;
}

async function bootsWithKvm(kernel: string): Promise<boolean> {
  const child = start('qemu-system-x86_64', [
    ...[
      '-machine',
      'pc',
      ...KVM.arguments,
      '-m',
      '256',
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-no-reboot',
    ],
    ...['-kernel', kernel, '-append', 'console=ttyS0 panic=-1', '-serial', 'stdio'],
  ]);
  const timer = setTimeout(() => child.kill('SIGKILL'), KVM_PATIENCE_MS);
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('Linux version')) break;
  }
  clearTimeout(timer);
  child.kill('SIGKILL');
  await child;
  return said.includes('Linux version');
}
