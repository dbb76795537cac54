import { expect } from 'chai';
import { type JsonSchema, scenarioJsonSchema } from '../../../src/scenario/schema/schema.js';

/** Every key of every mapping, by its path. */
function keys(schema: JsonSchema, path = ''): readonly (readonly [string, JsonSchema])[] {
  const below = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])].flatMap((inner) =>
    keys(inner, path),
  );
  const own = Object.entries(schema.properties ?? {});
  return [
    ...below,
    ...own.flatMap(([key, value]) => [[`${path}.${key}`, value] as const, ...keys(value, `${path}.${key}`)]),
  ];
}

describe('the schema of scenarios', () => {
  it('describes every key', () => {
    const all = keys(scenarioJsonSchema());
    expect(all.length).to.be.greaterThan(40);
    expect(all.filter(([, { description }]) => !description).map(([path]) => path)).to.deep.equal([]);
  });

  it('says what is required', () => {
    expect(scenarioJsonSchema().required).to.deep.equal(['id', 'title', 'networks', 'containers']);
  });
});
