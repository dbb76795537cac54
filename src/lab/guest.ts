/** Debian releases that the lab can be built from. */
export const RELEASES = ['trixie', 'bookworm'] as const;
export type Release = (typeof RELEASES)[number];

/** What the guest has besides: a kernel with IPvlan, Docker Engine, and the agent the machine is driven by. */
export const GUEST_PACKAGES = ['crun', 'docker.io', 'kmod', 'linux-image-cloud-amd64', 'qemu-guest-agent'] as const;

/** Files that dpkg need not unpack: no manual is read in the lab. */
export const LEFT_OUT = [
  '/usr/share/doc/*',
  '/usr/share/man/*',
  '/usr/share/locale/*',
  '/usr/share/i18n/*',
  '/usr/share/info/*',
];

/** Port of Docker's API within the guest. */
export const DOCKER_PORT = 2376;

/** Where the machine's management card sits. QEMU's user network serves it; the guest gets no default route over it. */
const MANAGEMENT_ADDRESS = '10.0.2.15/24';

/** Loaded before the snapshot, so that no scenario waits for a module. Names a kernel lacks are passed over. */
const MODULES = `virtio_net virtio_console overlay veth bridge br_netfilter dummy ipvlan macvlan 8021q vrf bonding ifb wireguard
  nf_tables nft_compat nft_chain_nat nft_ct nft_log nft_masq nft_nat nft_redir nft_reject nft_reject_inet nft_fib nft_fib_inet nft_limit
  nft_numgen nft_quota nft_socket nf_log_syslog nf_conntrack nf_conntrack_netlink
  iptable_filter iptable_nat iptable_mangle iptable_raw ip6table_filter ip6table_nat ip6table_mangle ip6table_raw
  xt_conntrack xt_MASQUERADE xt_addrtype xt_comment xt_LOG xt_multiport xt_REDIRECT xt_mark xt_owner xt_limit xt_TCPMSS xt_tcpudp
  ipt_REJECT ip6t_REJECT sch_netem sch_ingress cls_u32 cls_matchall act_gact`;

/**
 * PID 1 of the guest. A full init would double the boot time and has nothing to do here. Address spaces are not randomized: an
 * emulator keeps what it translated by its address, and would translate each library again for each process.
 */
export const INIT = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts /dev/shm; mount -t devpts devpts /dev/pts; mount -t tmpfs shm /dev/shm
mount -t tmpfs -o mode=755 run /run; mount -t tmpfs tmp /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup; mount -t tracefs tracefs /sys/kernel/tracing
mount -o remount,rw /
echo 0 > /proc/sys/kernel/randomize_va_space
echo lab > /proc/sys/kernel/hostname
for module in ${MODULES.replaceAll(/\s+/g, ' ')}; do modprobe -q $module; done
ip link set lo up
ip addr add ${MANAGEMENT_ADDRESS} dev eth0; ip link set eth0 up
for port in /sys/class/virtio-ports/*; do
  [ "$(cat $port/name)" = org.qemu.guest_agent.0 ] && qemu-ga -m virtio-serial -p /dev/\${port##*/} &
done
dockerd >/var/log/dockerd.log 2>&1 &
while :; do wait; sleep 1; done
`;

/** Docker's own configuration. crun without the userland proxy starts containers in about half the time. */
export function daemonConfiguration(release: Release): string {
  return JSON.stringify({
    hosts: ['unix:///var/run/docker.sock', `tcp://0.0.0.0:${DOCKER_PORT}`],
    tlsverify: true,
    tlscacert: '/etc/docker/tls/ca.pem',
    tlscert: '/etc/docker/tls/server.pem',
    tlskey: '/etc/docker/tls/server-key.pem',
    runtimes: { crun: { path: '/usr/bin/crun' } },
    'default-runtime': 'crun',
    'userland-proxy': false,
    'storage-driver': 'overlay2',
    labels: ['ipvlan-doctor.disposable=true', `ipvlan-doctor.lab=${release}`],
  });
}

/** The scenarios' usual resolver; Docker hands it to containers. */
export const RESOLV_CONF = 'nameserver 192.168.0.1\n';
