import type { Said } from './sentences.js';

/** A pattern that no sentence of the product may hold, and what is written in its place. */
export interface Denied {
  readonly pattern: RegExp;
  readonly write: string;
}

/** Words and turns that a reader in a hurry, whose second language is English, stumbles over. */
export const DENIED: readonly Denied[] = [
  { pattern: /\bhardware address/i, write: 'MAC address' },
  {
    pattern: /\b(?:nobody|somebody|everybody|whoever|whatever|whom)\b/i,
    write: 'the actor: the router, the host, webapp, the rule',
  },
  { pattern: /\b(?:swallow(?:s|ed)?|turn(?:s|ed)? down|takes? packets away)\b/i, write: 'drops, dropped, rejects' },
  { pattern: /\bin vain\b/i, write: 'unanswered ARP' },
  { pattern: /\banew\b/i, write: 'again, recreate' },
  { pattern: /\b(?:foretold|foretells?|foresees?|foreseen)\b/i, write: 'predicted' },
  {
    pattern:
      /\b(?:not guilty|guilty|exonerat\w*|culprits?|sufferers?|bystanders?|thief|thieves|rivals?|homecomings?)\b/i,
    write: 'ruled out, blocking rule, affected flow, address conflict',
  },
  { pattern: /\b(?:hangs?|hung) on\b/i, write: 'is attached to' },
  { pattern: /\bhelpers? of ours\b/i, write: 'temporary helper container' },
  { pattern: /\b(?:takes?|took|taken|taking) (?:it |them )?(?:back|down)\b/i, write: 'undo, clean up, remove' },
  { pattern: /\b(?:sweeps?|swept)\b/i, write: 'clean up' },
  { pattern: /\b(?:stands?|stood|standing) up\b/i, write: 'create the topology' },
  { pattern: /\bleft standing\b/i, write: 'kept' },
  { pattern: /\bstrangers?\b/i, write: 'free-form scenario, untrusted archive' },
  { pattern: /\b(?:shall|hence|be it|whence|thereof)\b/i, write: 'present tense' },
  { pattern: /\b(?:does not mind|knows? of)\b/i, write: 'what the machine does' },
  { pattern: /, for (?:it|they|there|its|what|who|only|no|all)\b/, write: 'because' },
  {
    pattern: /\b(?:way back|there and back|way home|leads? (?:astray|home))\b/i,
    write: 'return direction, forward and return, static route',
  },
  { pattern: /\bdie[sd]?\b/i, write: 'is lost' },
  { pattern: /\b(?:mute|deaf|silent)\b/i, write: 'no reply' },
  { pattern: /\b(?:prov(?:e|es|ed|en|ing))\b/i, write: 'verify' },
  { pattern: /\b(?:cure[sd]?|mends?|mended)\b/i, write: 'fix' },
  { pattern: /\b(?:leaves?|leaving|left|comes? in|goes out) by\b/i, write: 'via' },
  { pattern: /\bby (?:the )?(?:enp\d|eth\d|wlan|ens\d|device|parent\b|gateway\b|uplink)/i, write: 'via, through' },
  { pattern: /\bquestions?\b/i, write: 'request' },
  { pattern: /\ba (?:ipvlan|IP\b|L3|L2|internal|unreachable)/, write: 'an for a vowel sound' },
  { pattern: /\bit takes what\b/i, write: 'To find out, …' },
  { pattern: /\bhost host\b/i, write: 'the host' },
  { pattern: /\bA by-design\b/, write: 'a limitation of the driver' },
  {
    pattern: /\bOr (?:add|let|use|give|create|make|put|set)\b/,
    write: 'an imperative; the renderer joins alternatives',
  },
  { pattern: /\bwhen absent\b/i, write: 'default: …' },
  { pattern: /\b(?:undefined|NaN|\[object Object\])\b/, write: 'a value, or no sentence' },
];

/** Sentences of others, and words of ours that mean something else. Each with its reason. */
export const ALLOWED: readonly { readonly text: RegExp; readonly why: string }[] = [
  {
    text: /nobody can look into a provider's own router/,
    why: 'recorded evidence holds the reason in these words; newer looks give another',
  },
];

/** Each denied turn with the words around it, once. */
export function deniedIn(all: readonly Said[]): readonly string[] {
  const found = all.flatMap(({ where, text }) => {
    const line = text.replaceAll(/\s+/g, ' ');
    return DENIED.flatMap(({ pattern, write }) =>
      [...line.matchAll(new RegExp(pattern, `${pattern.flags}g`))].flatMap((match) => {
        const around = line.slice(Math.max(0, match.index - 50), match.index + match[0].length + 40);
        return ALLOWED.some((one) => one.text.test(around))
          ? []
          : [{ where, told: `"${match[0]}" (write: ${write}) in "… ${around} …"` }];
      }),
    );
  });
  const first = new Map(found.map(({ where, told }) => [told, where] as const).reverse());
  return [...first].map(([told, where]) => `${where}: ${told}`);
}
