import { buffer, text } from 'node:stream/consumers';
import type { Executed, Shell } from '../../../src/engine/engine.js';
import { start } from '../../../src/process.js';
import type { LiveNode } from '../../../src/topology/node.js';

/** A small network in namespaces of its own, and a shell on its host: what the agent is to a Docker host. */
export interface Namespaces extends Shell, AsyncDisposable {
  readonly nodes: readonly LiveNode[];
  /** Runs a script that must succeed, and returns what it printed. */
  expect(script: string): Promise<string>;
}

/** Why this machine cannot make one; `undefined` when it can. */
function whyNoNamespaces(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'namespaces with links need root';
}

/**
 * host (10.9.0.1, default by lan) — lan (10.9.0.2, routes 10.8.0.0/16 to far) — far (10.8.0.1). lan answers for
 * 10.9.0.2 alone, so that the rest of its subnet does not reply; 10.7.0.0/16 is a black hole beyond it. Nothing
 * fits through narrow: what is sent to 10.5.0.2 is refused with ENOBUFS, as IPvlan L3 does with what the host drops.
 */
const BUILD = `
set -e
mount -t tracefs tracefs /sys/kernel/tracing || true
mount -t tmpfs none /tmp; mount -t tmpfs none /run; mkdir -p /run/netns
ip link set lo up
for node in lan far; do ip netns add $node; ip -n $node link set lo up; done
ip link add eth0 type veth peer name eth0 netns lan
ip -n lan link add eth1 type veth peer name eth0 netns far
ip addr add 10.9.0.1/24 dev eth0; ip link set eth0 up
ip addr add fd09::1/64 dev eth0 nodad
ip -n lan addr add 10.9.0.2/24 dev eth0; ip -n lan link set eth0 up
ip -n lan addr add fd09::2/64 dev eth0 nodad
ip -n lan addr add 10.8.0.2/24 dev eth1; ip -n lan link set eth1 up
ip -n far addr add 10.8.0.1/24 dev eth0; ip -n far link set eth0 up
ip route add default via 10.9.0.2; ip -n far route add default via 10.8.0.2
ip netns exec lan sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip -n lan route add blackhole 10.7.0.0/16
ip link add narrow type veth peer name narrower; ip link set narrower up
ip addr add 10.5.0.1/24 dev narrow; ip link set narrow up
ip neigh add 10.5.0.2 lladdr 02:00:00:00:00:02 dev narrow
tc qdisc add dev narrow root tbf rate 1kbit burst 20 limit 100
echo standing; exec sleep infinity`;

const NODES: readonly LiveNode[] = [
  { name: 'host', kind: 'host', addresses: ['10.9.0.1', 'fd09::1'], enter: [], pid: undefined },
  {
    name: 'lan',
    kind: 'gateway',
    addresses: ['10.9.0.2', 'fd09::2'],
    enter: ['nsenter', '--net=/run/netns/lan'],
    pid: undefined,
  },
  { name: 'far', kind: 'peer', addresses: ['10.8.0.1'], enter: ['nsenter', '--net=/run/netns/far'], pid: undefined },
];

/** A process namespace, so that nothing outlives it; killed with the test, even when SIGKILL ends that. */
const OWN = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

async function makeNamespaces(): Promise<Namespaces> {
  const holder = start('setpriv', ['--pdeathsig', 'KILL', ...OWN, 'sh', '-c', BUILD], { stdin: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    holder.stdout?.once('data', () => resolve());
    void holder.then(({ stderr }) => reject(new Error(`the network did not stand: ${stderr}`)));
  });
  // unshare forks: the namespaces are its child's.
  const { stdout: child } = await start('pgrep', ['-P', String(holder.pid)], {});
  const enter = ['-t', child.trim(), '--net', '--mount', '--pid'];
  const run = async (script: string): Promise<Executed> => {
    const child = start('nsenter', [...enter, 'setsid', 'sh', '-c', script], { stdin: 'ignore', buffer: false });
    const [stdout, stderr] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
    return { exitCode: (await child).exitCode ?? 255, stdout, stderr };
  };
  return {
    nodes: NODES,
    run,
    async expect(script) {
      const { exitCode, stdout, stderr } = await run(script);
      if (exitCode !== 0) throw new Error(`"${script}" failed: ${stderr}`);
      return stdout.toString();
    },
    async [Symbol.asyncDispose]() {
      holder.kill('SIGKILL');
      await holder;
    },
  };
}

/** Gives a suite namespaces for all of its tests. Where this machine cannot make them, the suite is skipped. */
export function withNamespaces(use: (net: Namespaces) => Promise<void> | void): void {
  let net: Namespaces | undefined;
  before(async function () {
    if (whyNoNamespaces() !== undefined) this.skip();
    net = await makeNamespaces();
    await use(net);
  });
  after(() => net?.[Symbol.asyncDispose]());
}
