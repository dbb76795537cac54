import { plain, plainLines } from '../../printable.js';

/** A code block that no text in it can end. */
export function fenced(text: string, language: string): string {
  const clean = plainLines(text);
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${clean}\n${fence}`;
}

/**
 * Text in which nothing is Markdown, HTML or a formula, and that mentions no user. A backslash hides itself before punctuation
 * only, so that what would begin a numbered list is escaped at its dot.
 */
export function md(text: string): string {
  return plain(text)
    .trim()
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('$', '&#36;')
    .replace(/^[#+=-]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}
