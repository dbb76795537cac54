import Table from 'cli-table3';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/**
 * Wraps text between words, and within those that are longer than a line; colours carry on from line to line. A quoted
 * command, such as "docker ps", stays on one line where it fits on one.
 */
export function wrap(text: string, columns: number, indent = ''): string {
  const room = Math.max(10, columns - stringWidth(indent));
  return linesOf(text, room)
    .map((line) => `${indent}${line}`)
    .join('\n');
}

/** A table that fits: the widest column gives way until it does, and long words are broken. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], columns: number): string {
  const longest = head.map((name, column) =>
    Math.max(stringWidth(name), ...rows.map((cells) => stringWidth(cells[column] ?? ''))),
  );
  const frame = 3 * head.length + 1;
  const widths = [...longest];
  while (widths.reduce((sum, width) => sum + width, frame) > columns && Math.max(...widths) > 4) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 5) - 1;
  }
  // Its own wrapping cuts escape codes in two (cli-table3 0.6.5, with wrapOnWordBoundary off).
  const cut = (cells: readonly string[]) => cells.map((cell, at) => linesOf(cell, widths[at] ?? 1).join('\n'));
  const drawn = new Table({
    head: cut(head),
    colWidths: widths.map((width) => width + 2),
    chars: NO_RULES,
    style: { head: [], border: [] },
  });
  for (const cells of rows) drawn.push(cut(cells));
  return drawn.toString();
}

/** A rule between rows would double the height of every table. */
const NO_RULES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

function linesOf(text: string, room: number): readonly string[] {
  const whole = text.replaceAll(QUOTED_COMMAND, (command) => command.replaceAll(' ', NO_BREAK));
  return wrapAnsi(whole, room, { hard: true }).replaceAll(NO_BREAK, ' ').split('\n');
}

const QUOTED_COMMAND = /"(?:ipvlan-doctor|docker|ip|lab|make) [^"\n]*"/g;
/** Stands for a blank while lines are broken: a character for private use, which no text of ours has. */
const NO_BREAK = '\uE0FF';
