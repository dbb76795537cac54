import type { NetworkFact } from './networks.js';

/** A request that the engine rejected. */
export interface Refusal {
  readonly step: 'create-network' | 'create-container' | 'connect' | 'start-container';
  /**
   * The network it was asked to create or to connect. For a container that was to be created or started, all its networks in
   * order of attachment: the engine may not say which of them it means.
   */
  readonly networks: readonly AskedNetwork[];
  /** Absent when a network was rejected. */
  readonly container: AskedContainer | undefined;
  /** The engine's own message, without a full stop. */
  readonly message: string;
}

/** A network as it was asked for, whether or not it exists. Values that the driver does not know are kept as they were given. */
export type AskedNetwork = Omit<NetworkFact, 'id'>;

export interface AskedContainer {
  readonly name: string;
  /** Fixed addresses it asked for, without prefix length. */
  readonly addresses: readonly string[];
  /** MAC address it asked for. Absent: Docker chooses. */
  readonly mac: string | undefined;
}
