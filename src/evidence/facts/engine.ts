import type { PlatformId, PlatformKind } from '../../scenario/platforms.js';

export interface EngineFact {
  /** `Docker Engine`, or what else answered with Docker's API. */
  readonly product: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  /** True when it runs as a user, in a network namespace of its own. Absent in evidence of older versions. */
  readonly rootless?: boolean;
  /** True when the host may be changed and thrown away: the lab. */
  readonly disposable: boolean;
}

export interface PlatformFact {
  readonly id: PlatformId;
  readonly kind: PlatformKind;
  /** As people call it: `Amazon EC2`, `Dell Inc. PowerEdge R740`. */
  readonly product: string;
  /** Names of the host's Wi-Fi links: those the kernel has a radio for (`phy80211`). */
  readonly wireless: readonly string[];
  /** `firmware`: read from DMI. `assumed`: the scenario says so. */
  readonly origin: 'firmware' | 'assumed';
}
