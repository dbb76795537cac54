import type { Over, Target } from '../scenario/plan.js';
import type { FactName, Facts } from './facts.js';

/** Version of the evidence format. Readers accept any file of the same major version. */
export const EVIDENCE_VERSION = '1.7.0';

/** Everything a run saw, as one file. Diagnosis and reports are pure functions of it. */
export interface Evidence {
  readonly schemaVersion: string;
  /** `recorded` came from a real run; `synthetic` was written by hand, for tests. */
  readonly origin: 'recorded' | 'synthetic';
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC: when the probes began. */
  readonly takenAt: string;
  /** Facts that were established; one that was not is absent here and named in `missing`. */
  readonly facts: Partial<Facts>;
  readonly probes: readonly ProbeResult[];
  readonly missing: readonly Missing[];
}

/** Something we wanted to know and could not look at. */
export interface Missing {
  readonly fact: FactName;
  /** Absent when the whole fact is missing. */
  readonly node: string | undefined;
  readonly reason: string;
}

/** One flow probed once, with everything its tool said. */
export interface ProbeResult {
  /** The check's id. */
  readonly id: string;
  readonly from: string;
  readonly to: Target;
  readonly over: Over;
  /** Comparison probes are never judged; they let causes compare. */
  readonly purpose: 'check' | 'comparison';
  /** The command line as it was run on the node. */
  readonly command: string;
  /**
   * Marks this probe's packets on the wire, also where NAT changes their addresses: the ICMP echo identifier, or the source port.
   * Absent for probes that cannot be marked.
   */
  readonly tag: number | undefined;
  /**
   * Most packets it may have handed to the kernel: its budget, with the lookup of its name. Absent where nothing was sent, for
   * a container's own tools, and in evidence of older versions.
   */
  readonly packets?: number;
  /**
   * The address its requests come from, where `from` is a machine outside that no fact describes. Absent for all others, and before
   * 1.6.
   */
  readonly source?: string;
  /** `true` for traffic of the container's own that was listened to: we sent nothing. Absent for our probes. */
  readonly overheard?: true;
  readonly outcome: Outcome;
}

/**
 * The outcome of a probe. `broken`: it could not be sent, which is never "unreachable". `not-running`: one end of the flow is a
 * container that does not run. `not-asked`: nothing was sent, because no machine outside could be made to (since 1.6).
 */
export type Outcome =
  | { readonly kind: 'broken'; readonly error: string }
  | { readonly kind: 'not-running'; readonly container: string; readonly because: string }
  | { readonly kind: 'not-asked' }
  | {
      readonly kind: 'attempts';
      readonly sent: number;
      readonly arrived: number;
      /** Milliseconds; absent when nothing arrived or the tool does not time. */
      readonly roundTripMs: { readonly min: number; readonly average: number; readonly max: number } | undefined;
      /** TTL of the first answer: 63 where 64 is expected shows a hairpin. */
      readonly ttl: number | undefined;
      /** How an attempt that did not arrive ended. */
      readonly failure: Failure | undefined;
      /** The tool's own words, one entry per distinct line. */
      readonly said: readonly string[];
      /** DNS answers, MAC addresses that answered ARP, the status line of HTTP and then its `Location`, if it has one. */
      readonly answers: readonly string[];
    };

/**
 * `refused-locally`: the sender's own host dropped the packet before the wire (ENOBUFS, EPERM).
 * `no-route`: the sender has no route, or one that is a blackhole or prohibits.
 * `host-unreachable`: no answer to ARP, or a router said so.
 * `other-machine`: a reply came, and the target, which was captured, never got the request.
 * `no-data-after-handshake`: a TCP connection came up, and nothing sent in it is acknowledged (since 1.7).
 * `rejected`: a filter replied. `refused`: the port is closed. `not-resolved`: the name did not resolve.
 */
export type Failure =
  | 'timeout'
  | 'refused'
  | 'refused-locally'
  | 'no-route'
  | 'host-unreachable'
  | 'rejected'
  | 'too-big'
  | 'not-resolved'
  | 'duplicate'
  | 'other-machine'
  | 'no-data-after-handshake';
