import { DoctorError } from '../errors.js';

/** Something an engine listed. */
export interface Listed {
  readonly id: string;
  readonly names: readonly string[];
}

type Kind = 'network' | 'container';

const FULL_ID = /^[0-9a-f]{64}$/;
const LIST: Readonly<Record<Kind, string>> = { network: 'docker network ls', container: 'docker ps -a' };

/** Whether a word can only be an id. */
export function isFullId(word: string): boolean {
  return FULL_ID.test(word);
}

/**
 * The id a person means by an id, a name, or an unambiguous beginning of an id, in Docker's order. Names go no further than
 * this: Docker accepts networks called `../containers/x` or `a?b`, and a name put into a path would ask for something else.
 *
 * @throws DoctorError `NOT_FOUND` when there is no such thing, `USAGE` when there are several or the name holds a control
 *   character
 */
export function idOf(wanted: string, there: readonly Listed[], kind: Kind): string {
  refuseControlCharacters(wanted, kind);
  const ways: readonly ((one: Listed) => boolean)[] = [
    ({ id }) => id === wanted,
    ({ names }) => names.includes(wanted),
    ({ id }) => wanted !== '' && id.startsWith(wanted),
  ];
  for (const fits of ways) {
    const [id, ...more] = new Set(there.filter(fits).map((one) => one.id));
    if (more.length > 0) throw ambiguous(wanted, [id ?? '', ...more], kind);
    if (id !== undefined) return id;
  }
  throw notFound(wanted, kind);
}

export function notFound(wanted: string, kind: Kind): DoctorError {
  return new DoctorError('NOT_FOUND', `There is no ${kind} ${wanted} on this engine.`, {
    hint: `"${LIST[kind]}" lists all ${kind}s; DOCKER_HOST, --context or --engine say on which engine.`,
  });
}

function ambiguous(wanted: string, ids: readonly string[], kind: Kind): DoctorError {
  return new DoctorError('USAGE', `There are ${ids.length} ${kind}s that "${wanted}" may mean on this engine.`, {
    hint: `Use an id: ${ids.map((id) => id.slice(0, 12)).join(', ')}.`,
  });
}

/** @throws DoctorError `USAGE`: such a name could end a line of a command, or steer the reader's terminal */
export function refuseControlCharacters(name: string, kind: Kind | 'image'): void {
  if (!/\p{Cc}/u.test(name)) return;
  throw new DoctorError('USAGE', `The ${kind} name ${spelled(name)} holds a control character.`, {
    hint: `Recreate the ${kind} with a name of printable characters.`,
  });
}

/** JSON leaves the upper control characters as they are. */
function spelled(name: string): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(name).replaceAll(/\p{Cc}/gu, escape);
}

/** One segment of a path in the engine's API, from what should be an id. */
export function segment(id: string): string {
  if (/^\.*$/.test(id)) throw new DoctorError('USAGE', `${JSON.stringify(id)} is no id.`);
  return encodeURIComponent(id);
}

/**
 * The path of an image by name or id: a name has segments of its own, such as `registry:5000/team/agent:1`.
 *
 * @throws DoctorError `USAGE` when no image can have that name
 */
export function imagePath(name: string): string {
  refuseControlCharacters(name, 'image');
  const parts = name.split('/');
  if (parts.every((part) => /[^.]/.test(part)))
    return encodeURI(parts.join('/')).replaceAll(/[?#]/g, encodeURIComponent);
  throw new DoctorError('USAGE', `No image can be called ${JSON.stringify(name)}.`);
}
