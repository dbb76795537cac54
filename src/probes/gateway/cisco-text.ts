/** What IOS printed, by what begins each part. Absent where it was not asked. */
export interface CiscoParts {
  readonly config: string | undefined;
  readonly routes: string | undefined;
  readonly brief: string | undefined;
  readonly lists: string | undefined;
  readonly arp: string | undefined;
  /** Whether the configuration goes on to its last line. */
  readonly isWhole: boolean;
}

type PartName = Exclude<keyof CiscoParts, 'isWhole'>;

/** What each command prints first. IOS has no command that prints a heading. */
const BEGINNINGS: readonly (readonly [PartName, RegExp])[] = [
  ['config', /^(?:Building configuration|Current configuration)/],
  ['routes', /^Codes: .*\bC - connected/],
  ['brief', /^Interface\s+IP-Address\s+OK\?/],
  ['lists', /^(?:Standard|Extended) IP access list /],
  ['arp', /^Protocol\s+Address\s+Age/],
];
/** `R1#`, `R1>show arp` */
const PROMPT = /^[\w.:@/()-]{1,63}[#>](?: ?\w.*)?$/;

/** Lines to paste in privileged EXEC mode; they change nothing but the paging of this session. */
export const CISCO_COMMAND = [
  'terminal length 0',
  'terminal width 0',
  'show running-config',
  'show ip route',
  'show ip interface brief',
  'show access-lists',
  'show arp',
].join('\n');

/** @returns `undefined` for a text that has none of the parts. FRR prints its routes in the same way, but names the kernel's. */
export function ciscoParts(text: string): CiscoParts | undefined {
  const parts = new Map<PartName, string[]>();
  let current: PartName | undefined;
  let isWhole = false;
  for (const line of text.split('\n').map((one) => one.trimEnd())) {
    const begun = BEGINNINGS.find(([, pattern]) => pattern.test(line))?.[0];
    if (begun !== undefined) current = begun;
    else if (current === 'config' && line === 'end') [current, isWhole] = [undefined, true];
    else if (current !== 'config' && PROMPT.test(line)) current = undefined;
    if (current !== undefined) parts.set(current, [...(parts.get(current) ?? []), line]);
  }
  const part = (name: PartName) => parts.get(name)?.join('\n');
  if (parts.size === 0 || /K - kernel/.test(part('routes') ?? '')) return undefined;
  return {
    ...{ config: part('config'), routes: part('routes'), brief: part('brief'), lists: part('lists'), arp: part('arp') },
    isWhole,
  };
}
