import type { NetworkFact } from './networks.js';

/** Something the engine was asked to do and did not. */
export interface Refusal {
  readonly step: 'create-network' | 'create-container' | 'connect' | 'start-container';
  /**
   * The network it was asked to make or to connect. For a container that was to be created or started, all its networks in
   * order of attachment: the engine need not say which of them it means.
   */
  readonly networks: readonly AskedNetwork[];
  /** Absent when a network was refused. */
  readonly container: AskedContainer | undefined;
  /** The engine's own sentence, without a full stop. */
  readonly message: string;
}

/** A network as it was asked for, whether or not it stands. Values the driver does not know are kept as they were given. */
export type AskedNetwork = Omit<NetworkFact, 'id'>;

export interface AskedContainer {
  readonly name: string;
  /** Fixed addresses it asked for, without prefix length. */
  readonly addresses: readonly string[];
  /** Hardware address it asked for; absent when it left that to Docker. */
  readonly mac: string | undefined;
}
