import type { DnsServer, DnsSource } from '../../evidence/facts.js';
import { bare, contains, familyOf, isAddress, sameAddress } from '../../ip.js';

/** What a `resolv.conf` says. */
export interface ResolvConf {
  /** Its name servers, in order. */
  readonly servers: readonly string[];
  /** The servers that Docker's own resolver forwards to, as Docker 25 and later notes them. Absent: it notes none. */
  readonly forwards?: readonly Pick<DnsServer, 'address' | 'askedFrom'>[];
  /** The file of the host that Docker began with; absent where it does not say. */
  readonly basedOn?: string;
  /** Whether Docker was told the servers, by an option of the container or of the daemon. */
  readonly overridden: boolean;
}

/** Where Docker's own resolver listens in a container. */
const DOCKERS_OWN = '127.0.0.11';
/** Where systemd-resolved listens on a host. */
const STUB = '127.0.0.53';
const SYSTEMD_FILE = '/run/systemd/resolve/resolv.conf';

/** Bytes of a `resolv.conf` that are read; the C library itself reads three name servers. */
const MOST_BYTES = 8192;

/** Shell that prints the first of some files that can be read, and gives up soon where it is none. */
export function printResolvConf(...files: readonly string[]): string {
  return files.map((file) => `timeout 2 head -c ${MOST_BYTES} ${file}`).join(' || ');
}

/** The host's own file, by the way of its first process; else the copy that Docker makes for what has the host's network. */
export const HOST_RESOLV_CONF = printResolvConf('/proc/1/root/etc/resolv.conf', '/etc/resolv.conf');
export const SYSTEMD_RESOLV_CONF = printResolvConf(`/proc/1/root${SYSTEMD_FILE}`);

/** `nameserver` lines, and what Docker writes below them: `# ExtServers: [192.168.0.1 host(127.0.0.53)]`. Pure. */
export function parseResolvConf(text: string): ResolvConf {
  const servers = [...text.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].flatMap(([, word = '']) => addressIn(word));
  const noted = /^# ExtServers: \[([^\]]*)\]/m.exec(text)?.[1];
  const basedOn = /^# Based on host file: '([^']+)'/m.exec(text)?.[1];
  const forwards = noted?.split(/\s+/).flatMap((word) => {
    const onHost = /^host\((.+)\)$/.exec(word)?.[1];
    const askedFrom = onHost === undefined ? ('container' as const) : ('host' as const);
    return addressIn(onHost ?? word).map((address) => ({ address, askedFrom }));
  });
  return {
    servers,
    ...(forwards ? { forwards } : {}),
    ...(basedOn === undefined ? {} : { basedOn }),
    overridden: /^# Overrides: \[[^\]]*\bnameservers\b/m.test(text),
  };
}

/** A link-local address of IPv6 has its link's name behind it. */
function addressIn(word: string): readonly string[] {
  const [address = ''] = word.split('%');
  return isAddress(address) ? [bare(address)] : [];
}

/** What is known of the files that decide about a container's name servers. */
export interface NamedServers {
  /** The container's own file. */
  readonly own: ResolvConf;
  readonly host: ResolvConf;
  /** What systemd-resolved uses; empty where it does not run. */
  readonly systemd: ResolvConf;
  /** `docker run --dns`. */
  readonly docker: readonly string[];
}

/** The servers that a container's queries end at, each with where it was taken from. Pure. */
export function effectiveServers(known: NamedServers): readonly DnsServer[] {
  const { own, host, systemd, docker } = known;
  if (!own.servers.includes(DOCKERS_OWN))
    return own.servers.map((address) => ({ address, askedFrom: 'container', source: sourceOf(address, known) }));
  const source = docker.length > 0 || own.overridden ? 'docker' : fileSource(own.basedOn);
  if (own.forwards) return own.forwards.flatMap((one) => behindStub({ ...one, source }, systemd));
  if (docker.length > 0) return docker.map((address) => ({ address, askedFrom: 'container', source: 'docker' }));
  const isStub = host.servers.length > 0 && host.servers.every((address) => sameAddress(address, STUB));
  if (isStub && systemd.servers.length > 0)
    return systemd.servers.map((address) => ({ address, askedFrom: 'container', source: 'systemd-resolved' }));
  return host.servers.map((address) => ({
    address,
    askedFrom: isLoopback(address) ? 'host' : 'container',
    source: 'host',
  }));
}

/** Docker asks systemd-resolved itself; what fails then are the servers behind it, which the host asks. */
function behindStub(server: DnsServer, systemd: ResolvConf): readonly DnsServer[] {
  if (!sameAddress(server.address, STUB) || systemd.servers.length === 0) return [server];
  return systemd.servers.map((address) => ({ address, askedFrom: 'host', source: 'systemd-resolved' }));
}

function fileSource(basedOn: string | undefined): DnsSource {
  return basedOn === SYSTEMD_FILE ? 'systemd-resolved' : 'host';
}

function sourceOf(address: string, { host, systemd, docker }: NamedServers): DnsSource {
  const isIn = (servers: readonly string[]) => servers.some((one) => sameAddress(one, address));
  if (isIn(docker)) return 'docker';
  if (isIn(host.servers)) return 'host';
  return isIn(systemd.servers) ? 'systemd-resolved' : 'container';
}

function isLoopback(address: string): boolean {
  return contains(familyOf(address) === 6 ? '::1/128' : '127.0.0.0/8', address);
}
