export interface ContainerFact {
  readonly name: string;
  /** Empty for one that was never created. */
  readonly id: string;
  /** `running`, `created`, `exited`, … as Docker has it; `absent` for one that Docker refused to create. */
  readonly state: string;
  /** By network name. Addresses without prefix length; `gateway` as Docker reports it, absent when it has none. */
  readonly attachments: readonly {
    readonly network: string;
    readonly addresses: readonly string[];
    readonly gateway: string | undefined;
  }[];
  /** `docker run --dns`: the servers Docker's resolver passes its questions on to. Absent: Docker's own choice, the host's. */
  readonly dns?: readonly string[];
  /** `docker run -p`, as asked for. Absent: nothing was. */
  readonly publishes?: readonly PublishedPort[];
  /** What the engine warned of when the container was made for the run. Absent as for networks. */
  readonly warnings?: readonly string[];
}

export interface PublishedPort {
  readonly protocol: 'tcp' | 'udp';
  /** In the container. */
  readonly port: number;
  /** On the host; `undefined` where Docker was to choose. */
  readonly hostPort: number | undefined;
}

/** A port somebody listens on. */
export interface Socket {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` and `::` for every address; `::` usually takes IPv4 too. */
  readonly address: string;
  readonly port: number;
}
