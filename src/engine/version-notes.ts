/** What the version of an engine implies for IPvlan or macvlan networks. */
export interface VersionNote {
  /** First version with it; absent when every earlier version has it. */
  readonly since: string | undefined;
  /** First version without it; absent while every later version has it. */
  readonly until: string | undefined;
  /** `limited`: something does not work. `good to know`: something differs. */
  readonly weight: 'limited' | 'good to know';
  /** One sentence. */
  readonly says: string;
  /** What to do about it; absent when there is nothing to do. */
  readonly remedy: string | undefined;
}

/**
 * Changes in Docker Engine that change a diagnosis, each with the release notes or the change of moby.
 */
const NOTES: readonly VersionNote[] = [
  {
    // libnetwork#2230
    since: undefined,
    until: '19.3.0',
    weight: 'limited',
    says: 'IPvlan is experimental: networks need a daemon with "experimental": true',
    remedy: 'Upgrade Docker Engine, or set "experimental": true in daemon.json.',
  },
  {
    // libnetwork#2415, #2419
    since: undefined,
    until: '20.10.0',
    weight: 'limited',
    says: 'IPvlan networks are not restored reliably after a restart of the daemon',
    remedy: 'Upgrade Docker Engine.',
  },
  {
    // moby#42542
    since: undefined,
    until: '23.0.0',
    weight: 'limited',
    says: 'mode l3s and ipvlan_flag are not known',
    remedy: 'Upgrade Docker Engine for scenarios with l3s, private or vepa.',
  },
  {
    // moby#47662, fixed by #47677 and #47705
    since: '26.0.0',
    until: '26.0.1',
    weight: 'limited',
    says: 'the embedded DNS server does not forward for IPvlan L3 networks',
    remedy: 'Upgrade to 26.0.1 or later.',
  },
  {
    since: '26.1.0',
    until: undefined,
    weight: 'good to know',
    says: 'a network with --ipv6=false has IPv6 switched off on its links',
    remedy: undefined,
  },
  {
    // moby#47318
    since: '27.0.1',
    until: undefined,
    weight: 'good to know',
    says: 'several macvlan networks may share a parent; IPvlan networks still may not',
    remedy: undefined,
  },
  {
    // moby#48576
    since: undefined,
    until: '28.0.0',
    weight: 'limited',
    says: 'a container cannot be on an IPvlan L3 network and on a bridge at the same time',
    remedy: 'Upgrade to 28.0.0 or later where a container needs both.',
  },
  {
    // moby d29767431c
    since: '28.0.0',
    until: undefined,
    weight: 'good to know',
    says: "resolvers of the host's resolv.conf are asked from the host, those of --dns from the container",
    remedy: undefined,
  },
  {
    // moby#49593
    since: '28.0.0',
    until: '28.0.2',
    weight: 'limited',
    says: 'a macvlan container does not start while its parent is down',
    remedy: 'Upgrade to 28.0.2 or later.',
  },
  {
    // moby#50929
    since: '29.0.0',
    until: undefined,
    weight: 'good to know',
    says: 'no gateway is guessed: a macvlan or IPvlan L2 network without --gateway has no default route',
    remedy: undefined,
  },
  {
    // docker/for-linux#1550, reported of this release alone
    since: '29.0.4',
    until: '29.0.5',
    weight: 'limited',
    says: 'IPv6 addresses are rejected unless written in their shortest form ("no configured subnet contains IP address")',
    remedy: 'Write addresses in their shortest form, or use another release.',
  },
];

/** What the version of a Docker Engine implies; nothing when the text is no version, or the engine is not Docker's. */
export function versionNotes(version: string): readonly VersionNote[] {
  const own = partsOf(version);
  if (own === undefined) return [];
  return NOTES.filter(
    ({ since, until }) =>
      (since === undefined || !isBefore(own, partsOf(since) ?? [])) &&
      (until === undefined || isBefore(own, partsOf(until) ?? [])),
  );
}

/** `26.1.5+dfsg1` is 26, 1, 5; what follows does not count. */
function partsOf(version: string): readonly number[] | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return found ? found.slice(1).map((part: string | undefined) => Number(part ?? 0)) : undefined;
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (let at = 0; at < 3; at++) if ((a[at] ?? 0) !== (b[at] ?? 0)) return (a[at] ?? 0) < (b[at] ?? 0);
  return false;
}
