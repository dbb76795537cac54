import type { Outcome } from '../../evidence/evidence.js';
import { familyOf } from '../../ip.js';
import { quote } from '../../shell.js';
import { attempts, failureIn, wordsOf, type FlowProbe } from './flow-probe.js';
import type { Output } from '../outputs.js';
import { errorsIn } from './socat.js';

/** Seconds: the first packet and a retransmission after one second; a second would come after three. */
const WAIT = 3;

/** Seconds that it waits for the acknowledgement of its closing segment. */
const LINGER = 3;

/** A SYN and its retransmission, what completes the handshake, and a closing segment that is sent again until the wait is over. */
export const CONNECTION = 12;

/**
 * Connects and closes. The closing segment (FIN) takes a sequence number, as a byte of data does, and the target's kernel acknowledges
 * it: that proves that segments pass in both directions after the handshake, and the service reads nothing that it did not ask
 * for. `linger` makes the close wait for that acknowledgement, and `shut-close` closes before the program ends: an ending program
 * does not linger.
 */
export const tcp: FlowProbe = {
  id: 'tcp',
  title: 'TCP connection: connected, refused, rejected, unreachable, no data and no reply kept apart',
  packets: () => CONNECTION,
  command({ check, tag, source }) {
    const six = familyOf(check.to.address) === 6;
    const bracketed = (address: string) => (six ? `[${address}]` : address);
    const target = `TCP${six ? 6 : 4}:${bracketed(check.to.address)}:${portOf(check.over)}`;
    const own = source === undefined ? (six ? '[::]' : '') : bracketed(source);
    const options = `bind=${own}:${tag},reuseaddr,connect-timeout=${WAIT},linger=${LINGER},shut-close`;
    return `socat -d -d -lu -u OPEN:/dev/null ${quote(`${target},${options}`)}`;
  },
  parse: parseConnect,
};

/** What socat prints with `-d -d -lu`: the times show how long the close took. */
export function parseConnect({ stderr, exitCode }: Output): Outcome {
  const words = wordsOf(...errorsIn(stderr));
  if (exitCode === 0)
    return closeSeconds(stderr) < LINGER - CLOCK_SECONDS
      ? attempts({ sent: 1, arrived: 1 })
      : attempts({ sent: 1, arrived: 0, failure: 'no-data-after-handshake', said: [HANDSHAKE_ONLY] });
  if (/unknown option|wrong number|Address already in use/.test(stderr) || words.length === 0)
    return { kind: 'broken', error: words.join('; ') || 'socat did not say why it ended' };
  return attempts({ sent: 1, arrived: 0, failure: failureIn(words.join('\n')), said: words });
}

/** What is said of a connection that carries no data. */
export const HANDSHAKE_ONLY = 'connected, and what follows the handshake is not acknowledged';

/** How much earlier than asked the kernel's clock may end the wait. */
const CLOCK_SECONDS = 0.1;

/** Seconds between the end of what it has to send, and its own end. */
function closeSeconds(stderr: string): number {
  const at = (what: RegExp) => {
    const [, hours, minutes, seconds] = what.exec(stderr) ?? [];
    return (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  };
  const took =
    at(/^\S+ (\d+):(\d+):(\d+\.\d+) .* N exiting with status 0$/m) - at(/^\S+ (\d+):(\d+):(\d+\.\d+) .* is at EOF$/m);
  return Number.isNaN(took) ? 0 : (took + DAY_SECONDS) % DAY_SECONDS;
}

/** At midnight the clock begins again. */
const DAY_SECONDS = 86_400;

/** Port of a check over TCP or UDP. */
export function portOf(over: { readonly protocol: string; readonly port?: number }): number {
  return over.port ?? 80;
}
