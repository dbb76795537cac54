export interface ContainerFact {
  readonly name: string;
  /** Empty for one that was never created. */
  readonly id: string;
  /** `running`, `created`, `exited`, … as Docker says; `absent` for one that Docker did not create. */
  readonly state: string;
  /** By network name. Addresses without prefix length; `gateway` as Docker reports it, absent when it has none. */
  readonly attachments: readonly {
    readonly network: string;
    readonly addresses: readonly string[];
    readonly gateway: string | undefined;
    /** The MAC address of its link there, or the one it asks for. Absent: Docker has none, also in evidence before 1.6.0. */
    readonly mac?: string;
  }[];
  /** `docker run --dns`: the servers that Docker's resolver forwards queries to. Absent: Docker's own choice, those of the host. */
  readonly dns?: readonly string[];
  /**
   * The servers that its queries for other names end at, in the order they are asked. Absent: its `resolv.conf` was not read, also in
   * evidence before 1.7.0.
   */
  readonly resolvers?: readonly DnsServer[];
  /** `docker run -p`, as asked for. Absent: nothing was. */
  readonly publishes?: readonly PublishedPort[];
  /** What the engine warned of when the container was created for the run. Absent as for networks. */
  readonly warnings?: readonly string[];
}

/** A DNS server of a container. */
export interface DnsServer {
  readonly address: string;
  /** The namespace that it is asked from: Docker asks some servers from the host's. */
  readonly askedFrom: 'container' | 'host';
  readonly source: DnsSource;
}

/**
 * Where a container's DNS server was taken from: `docker`: an option of the container, or of the daemon. `host`: the host's
 * `/etc/resolv.conf`. `systemd-resolved`: the servers that systemd-resolved uses on the host. `container`: the container's own
 * `/etc/resolv.conf`.
 */
export type DnsSource = 'docker' | 'host' | 'systemd-resolved' | 'container';

export interface PublishedPort {
  readonly protocol: 'tcp' | 'udp';
  /** In the container. */
  readonly port: number;
  /** On the host; `undefined` where Docker chooses. */
  readonly hostPort: number | undefined;
}

/** A port that is listened on. */
export interface Socket {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` and `::` for every address; `::` usually takes IPv4 too. */
  readonly address: string;
  readonly port: number;
}
