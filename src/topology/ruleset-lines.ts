/**
 * What `nft --stateless list ruleset` printed, each rule with its table and chain on one line. Left out are comments, elements that
 * packets put into sets, and what iptables leaves behind when its last rule goes: a base chain without rules that accepts.
 */
export function rulesetLines(text: string): readonly string[] {
  const lines: string[] = [];
  let table = '';
  for (const block of text.split(
    /^(?=table |\t(?:chain|set|map|flowtable|counter|quota|ct \w+|limit|synproxy|secmark) )/m,
  )) {
    const opened = /^table (\S+ \S+) \{/.exec(block);
    if (opened) table = opened[1] ?? '';
    const [, kind, name] = /^\t(\S+(?: helper| timeout| expectation)?) (\S+) \{/.exec(block) ?? [];
    const content = linesOf(block);
    const place = name === undefined ? table : `${table} ${name}`;
    if (kind === 'chain' && content.length === 0) lines.push(`${place}: no rules`);
    if (kind === 'chain' && content.length === 1 && / hook .* policy accept;$/.test(content[0] ?? '')) continue;
    lines.push(...content.map((line) => `${place}: ${line}`));
  }
  return lines;
}

/** The content of a table's part; the elements of a set, which may go on over several lines, one on each, in order. */
function linesOf(block: string): readonly string[] {
  const listed = /elements = \{([^]*?)\}\n/.exec(`${block}\n`);
  const elements = listed && !/flags [^\n]*\bdynamic\b/.test(block) ? (listed[1] ?? '').split(',') : [];
  return [
    ...(listed ? block.replace(listed[0].trimEnd(), '') : block)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && line !== '}' && !line.endsWith(' {') && !line.startsWith('#')),
    ...elements.map((element) => `element ${element.replaceAll(/\s+/g, ' ').trim()}`).toSorted(),
  ];
}
