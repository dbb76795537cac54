import { DoctorError } from '../errors.js';
import type { Engine } from './engine.js';

/** How long after an abort a request that makes something may take to say what it made, in milliseconds. */
const GRACE_MS = 5000;

/** How long after an abort an engine may take to remove something before it counts as gone, in milliseconds. */
const REMOVAL_MS = 20_000;

/** Requests whose result must be known, because it has to be removed again. */
const MAKING: readonly PropertyKey[] = ['createContainer', 'createNetwork'];

/** Requests of the cleanup. */
const REMOVING: readonly PropertyKey[] = ['removeContainer', 'removeNetwork', 'listOurs'];

/** Requests with a signal of their own, or that take no time. */
const LEFT_ALONE: readonly PropertyKey[] = ['exec', 'converse', 'disconnect'];

/**
 * An engine whose requests end when a signal aborts, however long the engine takes to answer. Cleanup goes on: what removes
 * something, and commands in containers, which have a signal of their own.
 */
export function until(signal: AbortSignal, engine: Engine): Engine {
  return new Proxy(engine, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || LEFT_ALONE.includes(name)) return bound(value, target);
      return (...given: unknown[]) => {
        if (REMOVING.includes(name)) return endedBy(signal, ask(), { afterMs: REMOVAL_MS, error: unanswered(engine) });
        if (signal.aborted) return Promise.reject(reasonOf(signal));
        return endedBy(signal, ask(), { afterMs: MAKING.includes(name) ? GRACE_MS : 0 });

        function ask() {
          return (value as (...given: unknown[]) => Promise<unknown>).apply(target, given);
        }
      };
    },
  });
}

function bound(value: unknown, target: object): unknown {
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}

/**
 * The answer, or an error once the signal has aborted.
 *
 * @param afterMs how long after the abort an answer still counts, in milliseconds
 * @param error default: the signal's reason
 */
export async function endedBy<Answer>(
  signal: AbortSignal,
  asked: Promise<Answer>,
  { afterMs = 0, error }: { readonly afterMs?: number; readonly error?: DoctorError } = {},
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const settled = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const stop = () => {
      timer = setTimeout(() => reject(error ?? reasonOf(signal)), afterMs);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([asked, ended]);
  } finally {
    clearTimeout(timer);
    settled.abort();
  }
}

function reasonOf({ reason }: AbortSignal): DoctorError {
  return reason instanceof DoctorError ? reason : new DoctorError('INTERRUPTED', 'Interrupted.');
}

function unanswered({ name }: Engine): DoctorError {
  return new DoctorError('ENGINE_UNREACHABLE', `${name} did not answer within ${REMOVAL_MS / 1000} s.`, {
    hint: 'Check the engine, then run "ipvlan-doctor gc".',
  });
}
