import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Programs that printed commands name, and some that they must never run. */
const PROGRAMS = [
  ...[
    'docker',
    'ip',
    'ip6tables',
    'iptables',
    'nft',
    'sysctl',
    'grep',
    'sed',
    'az',
    'aws',
    'gcloud',
    'openstack',
    'uci',
  ],
  ...['iptables-nft', 'iptables-legacy', 'ip6tables-nft', 'ip6tables-legacy', 'firewall-cmd', 'ufw', 'conntrack', 'tc'],
  ...[
    'bridge',
    'arping',
    'ping',
    'nc',
    'tcpdump',
    'curl',
    'nslookup',
    'service',
    'systemctl',
    'modprobe',
    'mkdir',
    'cat',
  ],
  ...[
    'touch',
    'id',
    'reboot',
    'sh',
    'env',
    'rm',
    'ls',
    'dmesg',
    'journalctl',
    'apt-get',
    'opkg',
    'uname',
    'tail',
    'zgrep',
  ],
  ...[
    'virsh',
    'esxcli',
    'VBoxManage',
    'ethtool',
    'mtr',
    'nstat',
    'networkctl',
    'nmcli',
    'New-NetFirewallRule',
    'clear',
  ],
] as const;

interface Ran {
  readonly calls: readonly (readonly string[])[];
  readonly files: readonly string[];
}

/** Ends a call in the log. */
const END = '\u0001end\u0001';

/** A shell in which every program only notes its arguments, in a directory of its own. */
export class StubShell implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'stub-shell-'));
  readonly #log = join(this.#root, 'log');
  readonly #ran = new Map<string, Ran>();
  readonly #cwd = join(this.#root, 'cwd');

  constructor() {
    for (const name of ['bin', 'cwd', 'etc']) mkdirSync(join(this.#root, name));
    for (const program of PROGRAMS) {
      const path = join(this.#root, 'bin', program);
      // One write for a call, so that the calls of a pipe do not mix. What it prints makes a loop over it run once.
      const note = `printf '%s\\0' "\${0##*/}" "$@" "$END" >>'${this.#log}'`;
      writeFileSync(path, `#!/bin/sh\n${note}\nprintf 'out\\n'\nexit "$STATUS"\n`);
      chmodSync(path, 0o755);
    }
  }

  /**
   * Runs a command twice: once every program succeeds, once every one fails, so that what stands after `||` runs as well.
   *
   * @returns what was run, each program with its arguments, and the files that were made
   */
  run(command: string): Ran {
    const before = this.#ran.get(command);
    const ran = before ?? this.#run(command);
    this.#ran.set(command, ran);
    return ran;
  }

  #run(command: string): Ran {
    writeFileSync(this.#log, '');
    // Our own commands write below /etc: here below a directory that goes.
    const inside = command.replaceAll(/> \/etc\/[\w./-]+/g, `> ${this.#root}/etc/file`);
    for (const STATUS of ['0', '1'])
      spawnSync('/bin/sh', ['-c', inside], {
        cwd: this.#cwd,
        env: { PATH: join(this.#root, 'bin'), HOME: this.#cwd, STATUS, END },
        timeout: 5000,
        stdio: 'ignore',
      });
    const calls = readFileSync(this.#log, 'utf8')
      .split(`${END}\0`)
      .flatMap((call) => (call === '' ? [] : [call.split('\0').slice(0, -1)]));
    const files = readdirSync(this.#cwd);
    for (const file of files) rmSync(join(this.#cwd, file), { recursive: true });
    return { calls, files };
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true });
  }
}
