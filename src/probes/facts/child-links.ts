import type { Shell } from '../../engine/engine.js';
import type { Link } from '../../evidence/facts.js';
import { parseLinks } from './links.js';

/** An IPvlan or macvlan link on a parent, in any network namespace. */
export interface ChildLink {
  readonly name: string;
  readonly kind: 'ipvlan' | 'macvlan';
  /** Mode and flag as the kernel has them now. */
  readonly mode: string | undefined;
  readonly flag: string | undefined;
  /** Which program's network namespace it is in; absent when that is the host's. */
  readonly program: string | undefined;
}

/** A line that none of our programs prints, followed by the program whose namespace the links are in. */
const NEXT = '=== ipvlan-doctor ===';

/** Namespaces of processes, the host's own first, and those that only a name keeps. */
const NAMESPACES = '/proc/self/ns/net /proc/[0-9]*/ns/net /proc/1/root/run/netns/* /proc/1/root/run/docker/netns/*';

const SCRIPT = [
  `stat -L -c '%d:%i %n' ${NAMESPACES} 2>/dev/null | awk '{ id = $1; sub(/^[^ ]+ /, "") } !seen[id]++' |`,
  'while read -r at; do',
  `case $at in /proc/[0-9]*/ns/net) by=$(cat "\${at%ns/net}comm" 2>/dev/null) ;; *) by=\${at##*/} ;; esac`,
  `links=$(nsenter --net="$at" ip -details -json link show 2>/dev/null) && printf '%s %s\\n%s\\n' '${NEXT}' "$by" "$links"`,
  'done',
].join('\n');

/** Of a link in another namespace, and of where it is attached to, only the index is known. */
interface Below {
  readonly ifname?: string;
  readonly address?: string;
  readonly link_index?: number;
}

/**
 * Every IPvlan or macvlan link on a parent: in the host's namespace, in those of containers and in all others that the host
 * can enter. Empty when there is no such parent.
 *
 * @throws DoctorError `AGENT_FAILED` when the host cannot be looked at
 */
export async function childLinks(shell: Shell, parent: string): Promise<readonly ChildLink[]> {
  const { stdout } = await shell.run(SCRIPT, { timeoutMs: 30_000 });
  return parseChildLinks(stdout.toString(), parent);
}

/** Reads what the script of {@link childLinks} prints. Pure. */
export function parseChildLinks(text: string, parent: string): readonly ChildLink[] {
  const [host, ...others] = text
    .split(`${NEXT} `)
    .slice(1)
    .map((part) => ({ program: part.slice(0, part.indexOf('\n')), json: part.slice(part.indexOf('\n') + 1) }));
  if (!host) return [];
  const above = parseLinks(host.json).find(({ name }) => name === parent);
  if (!above) return [];
  const onHost = childrenIn(host.json, ({ lower }) => lower === parent);
  const elsewhere = others.flatMap(({ program, json }) => {
    const below = new Map((JSON.parse(json) as readonly Below[]).map((link) => [link.ifname, link]));
    // An IPvlan link has its parent's MAC address, and an index alone may be one of yet another namespace.
    return childrenIn(json, ({ name, kind, mac }) => {
      return below.get(name)?.link_index === above.index && (kind === 'macvlan' || mac === above.mac);
    }).map((child) => ({ ...child, program }));
  });
  return [...onHost.map((child) => ({ ...child, program: undefined })), ...elsewhere];
}

function childrenIn(json: string, isOn: (link: Link) => boolean): readonly Omit<ChildLink, 'program'>[] {
  return parseLinks(json).flatMap((link) => {
    const { name, kind, mode, flag } = link;
    return (kind === 'ipvlan' || kind === 'macvlan') && isOn(link) ? [{ name, kind, mode, flag }] : [];
  });
}
