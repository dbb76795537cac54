import { Argument, Command } from 'commander';
import { z } from 'zod';
import { evidenceSchema } from '../evidence/schema.js';
import { manifestSchema } from '../report/bundle.js';
import { resultSchema } from '../report/schema.js';
import { scenarioJsonSchema } from '../scenario/schema/schema.js';
import { printJson } from './print.js';

/** The file formats that have a schema, by the name the command line knows them under. A bundle's is that of its manifest. */
const SCHEMAS: Readonly<Record<string, () => object>> = {
  scenario: scenarioJsonSchema,
  result: () => z.toJSONSchema(resultSchema, { io: 'input' }),
  evidence: () => z.toJSONSchema(evidenceSchema, { io: 'input' }),
  bundle: () => z.toJSONSchema(manifestSchema, { io: 'input' }),
};

/** `ipvlan-doctor schema [FORMAT]`: prints the JSON Schema of a file format. */
export function schemaCommand(): Command {
  const format = new Argument('[format]', 'which file format').choices(Object.keys(SCHEMAS)).default('scenario');
  return new Command('schema')
    .description('print the JSON Schema of a file format')
    .addArgument(format)
    .action((name: string) => {
      printJson(SCHEMAS[name]?.());
    });
}
