import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';

/** From this many words on, a text is taken for a sentence. */
const SENTENCE = 4;

/** Sentences are made in `report/words/` and in the causes: predictions carry typed reasons. */
describe('the words of predictions', () => {
  for (const stage of ['network', 'path'])
    it(`are not written in src/${stage}`, () => {
      const files = readdirSync(join('src', stage), { recursive: true, encoding: 'utf8' });
      const found = files.flatMap((file) =>
        file.endsWith('.ts') ? sentencesIn(join('src', stage, file)).map((text) => `${file}: ${text}`) : [],
      );
      expect(found).to.deep.equal([]);
    });
});

/** Texts of a file with several words, those of thrown errors apart. */
function sentencesIn(file: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node)) return;
    const text = textOf(node);
    if (text !== undefined && wordsIn(text) >= SENTENCE) found.push(text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true));
  return found;
}

/** What a string or template says, with its placeholders left out. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /^[\p{L}'-]{2,}[.,:;]?$/u.test(word)).length;
}
