import type { Command, Option } from 'commander';
import { expect } from 'chai';
import { readEnvironment } from '../../src/commands/environment.js';
import { everyCommand, program } from '../../src/commands/program.js';

/** Every command that does something, by the words that call it. */
function verbs(
  command: Command,
  path: readonly string[] = [],
): readonly (readonly [path: readonly string[], Command])[] {
  const own = command.commands.flatMap((one) => verbs(one, [...path, one.name()]));
  return own.length > 0 ? own : [[path, command]];
}

/** What a flag is worth when its variable is set to a text. */
async function worth(path: readonly string[], option: Option, text: string): Promise<unknown> {
  const name = option.envVar ?? '';
  const before = process.env[name];
  process.env[name] = text;
  try {
    const whole = program();
    everyCommand(whole).forEach((one) => readEnvironment(one, process.env));
    const command = path.reduce((at, word) => at.commands.find((one) => one.name() === word) ?? at, whole);
    command.action(() => undefined);
    for (const argument of command.registeredArguments) argument.argOptional();
    await whole.parseAsync([...path], { from: 'user' });
    return command.getOptionValue(option.attributeName());
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before;
  }
}

const flags = verbs(program()).flatMap(([path, command]) =>
  command.options.filter(({ envVar }) => envVar !== undefined).map((option) => ({ path, option })),
);
const switches = flags.filter(({ option }) => !option.required && !option.optional);

describe('a flag that comes from the environment', () => {
  it('every verb that prints JSON has a variable for it', () => {
    const json = verbs(program()).filter(([, { options }]) => options.some(({ long }) => long === '--json'));
    expect(switches.filter(({ option }) => option.long === '--json')).to.have.length(json.length);
  });

  for (const text of ['0', 'false', 'no', 'off', '', 'FALSE', ' no ']) {
    it(`${JSON.stringify(text)} does not give a switch`, async () => {
      for (const { path, option } of switches)
        expect(await worth(path, option, text), `${path.join(' ')} ${option.flags}`).to.equal(
          option.negate ? true : undefined,
        );
    });
  }

  for (const text of ['1', 'true', 'yes', 'on']) {
    it(`${JSON.stringify(text)} gives a switch`, async () => {
      for (const { path, option } of switches)
        expect(await worth(path, option, text), `${path.join(' ')} ${option.flags}`).to.equal(!option.negate);
    });
  }

  it('an empty text does not give a flag that has a value', async () => {
    for (const { path, option } of flags.filter((one) => !switches.includes(one)))
      expect(await worth(path, option, ''), `${path.join(' ')} ${option.flags}`).to.deep.equal(option.defaultValue);
  });
});
