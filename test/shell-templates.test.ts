import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import ts from 'typescript';

/** The texts of all templates tagged `sh` in a file, each up to a word, with the place. */
function textsBeforeWords(path: string): readonly { readonly place: string; readonly before: string }[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: { place: string; before: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'sh' && ts.isTemplateExpression(node.template)) {
      const { head, templateSpans } = node.template;
      const place = `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      let before = head.text;
      for (const { literal } of templateSpans) {
        found.push({ place, before });
        before += literal.text;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether text ends within quotes. */
function isWithinQuotes(text: string): boolean {
  let open = '';
  for (const sign of text) {
    if (open === '' && /["']/.test(sign)) open = sign;
    else if (sign === open) open = '';
  }
  return open !== '';
}

describe('templates of printed commands', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const texts = files.flatMap((name) => textsBeforeWords(`src/${name}`));

  it('have no word within quotes of their text, where quoting would end them', () => {
    expect(texts.length).to.be.greaterThan(200);
    const within = texts.filter(({ before }) => isWithinQuotes(before));
    expect(within.map(({ place }) => place)).to.deep.equal([]);
  });
});
