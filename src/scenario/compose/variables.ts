/** The values of a compose file's variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A text with its variables replaced, and what is wrong with them: one sentence each. */
export interface Interpolated {
  readonly text: string;
  /** Variables without a value and without a default: compose takes an empty text. */
  readonly unset: readonly string[];
  readonly problems: readonly string[];
}

const NAME = /^[A-Za-z_]\w*/;
const OPERATOR = /^(?::?[-?+])/;

/** The deepest nesting that is accepted; no file needs more. */
const DEEPEST = 16;

/**
 * Replaces `$VAR`, `${VAR}`, `${VAR:-x}`, `${VAR-x}`, `${VAR:?message}`, `${VAR?message}`, `${VAR:+x}` and `$$` as compose does;
 * a default may hold variables itself.
 */
export function interpolate(text: string, variables: Variables, depth = 0): Interpolated {
  const unset: string[] = [];
  const problems: string[] = [];
  let replaced = '';
  for (let at = 0; at < text.length;) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return { text: replaced + text.slice(at), unset, problems };
    replaced += text.slice(at, dollar);
    const one = variableAt(text, dollar, { variables, depth });
    replaced += one.text;
    unset.push(...one.unset);
    problems.push(...one.problems);
    at = one.end;
  }
  return { text: replaced, unset, problems };
}

interface Replaced extends Interpolated {
  /** Where the text goes on. */
  readonly end: number;
}

interface Known {
  readonly variables: Variables;
  readonly depth: number;
}

function variableAt(text: string, at: number, known: Known): Replaced {
  const next = text[at + 1];
  if (next === '$') return { ...value('$'), end: at + 2 };
  if (next !== '{') {
    const [name] = NAME.exec(text.slice(at + 1, at + 257)) ?? [];
    if (name === undefined)
      return { ...wrong(`"$" begins no variable: write "$$" for the character itself`), end: at + 1 };
    return { ...plain(name, known.variables), end: at + 1 + name.length };
  }
  const end = closing(text, at + 2);
  if (end < 0) return { ...wrong(`"${text.slice(at, at + 20)}" has no closing brace`), end: text.length };
  return { ...braced(text.slice(at + 2, end), known), end: end + 1 };
}

function braced(inside: string, { variables, depth }: Known): Interpolated {
  const [name = ''] = NAME.exec(inside) ?? [];
  const rest = inside.slice(name.length);
  const [operator] = OPERATOR.exec(rest) ?? [];
  if (name === '' || (rest !== '' && operator === undefined)) return wrong(`"\${${inside}}" is no variable`);
  if (operator === undefined) return plain(name, variables);
  if (depth >= DEEPEST) return wrong(`"\${${inside.slice(0, 20)}…}" is nested too deeply`);
  const other = () => interpolate(rest.slice(operator.length), variables, depth + 1);
  return chosen({ name, operator, current: setValue(variables[name], operator) }, other);
}

/** A colon before the operator makes an empty value count as none. */
function setValue(current: string | undefined, operator: string): string | undefined {
  return current === '' && operator.startsWith(':') ? undefined : current;
}

interface Choice {
  readonly name: string;
  readonly operator: string;
  readonly current: string | undefined;
}

function chosen({ name, operator, current }: Choice, other: () => Interpolated): Interpolated {
  if (operator.endsWith('+')) return current === undefined ? value('') : other();
  if (current !== undefined) return value(current);
  if (operator.endsWith('-')) return other();
  const message = other().text;
  return wrong(`the variable ${name} has no value${message === '' ? '' : `: ${message}`}`);
}

/** The brace that ends a variable: braces of variables inside come in pairs. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '$' && text[at + 1] === '{') open += 1;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return -1;
}

function plain(name: string, variables: Variables): Interpolated {
  const known = variables[name];
  return known === undefined ? { text: '', unset: [name], problems: [] } : value(known);
}

function value(text: string): Interpolated {
  return { text, unset: [], problems: [] };
}

function wrong(problem: string): Interpolated {
  return { text: '', unset: [], problems: [problem] };
}

/** Reads a file of `NAME=value` lines, as compose reads `.env`: comments, `export`, quotes, and variables of earlier lines. */
export function parseEnvironmentFile(text: string, outer: Variables): Variables {
  const found: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, stated = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [, quote = '', quoted] = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(stated) ?? [];
    const bare = quoted ?? stated.replace(/(?:^|\s)#.*$/, '').trim();
    found[name] = quote === "'" ? bare : interpolate(bare, { ...found, ...outer }).text;
  }
  return found;
}
