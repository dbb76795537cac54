import pc from 'picocolors';
import type { PrintedCommand } from '../diagnosis/diagnosis.js';
import { plain, plainLines } from '../printable.js';
import type { ShortList } from './short-lists.js';
import { decideText } from './words.js';

/**
 * Commands for a reader who copies them from a terminal: each stands on lines of its own, with nothing but blanks before it,
 * and is never wrapped, however narrow the terminal. The line above says where it belongs.
 */
export function commandLines(commands: readonly PrintedCommand[], indent: string): readonly string[] {
  return commands.flatMap(({ on, run, undo }) => [
    `${indent}On ${plain(on)}:`,
    ...toPaste(run, indent, pc.cyan),
    ...(undo === undefined ? [] : [`${indent}To undo:`, ...toPaste(undo, indent, pc.dim)]),
  ]);
}

/** The test that decides what is open, written the same; nothing where there is none. */
export function testLines({ test }: ShortList, indent: string): readonly string[] {
  return test === undefined ? [] : [`${indent}${plain(decideText(test))}`, ...toPaste(test.run, indent, pc.cyan)];
}

/** Lines to paste, two columns further in than what introduces them. */
export function toPaste(text: string, indent: string, colour: (line: string) => string): readonly string[] {
  return plainLines(text)
    .split('\n')
    .map((line) => `${indent}  ${colour(line)}`);
}
