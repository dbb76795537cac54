import type { EngineFact } from '../../../evidence/facts.js';
import { sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { explainRefused, refusedAs, type Refused } from '../../symptoms/refused.js';
import { closest } from '../../../suggest.js';
import { createNetwork } from '../../remedies/create-network.js';

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'ipvlan mode': ['l2', 'l3', 'l3s'],
  'ipvlan flag': ['bridge', 'private', 'vepa'],
  'macvlan mode': ['bridge', 'vepa', 'private', 'passthru'],
};

export const ipvlanModeNotValid = defineCause({
  id: 'ipvlan-mode-not-valid',
  title: 'The network asks for a mode or flag the driver does not know',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  uses: ['engine'],
  background: `
    ipvlan_mode is l2, l3 or l3s, ipvlan_flag is bridge, private or vepa, macvlan_mode is bridge, vepa, private or passthru.
    Docker learned l3s and the flags with version 23; before that it refuses them as if they were misspelt. A misspelt name
    of the option itself is ignored without a word: the network then has mode l2.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://github.com/moby/moby/pull/42542'],

  reproduced: { by: 'scenario' },

  detect: (view) => {
    const no = refusedAs('ipvlan-mode-not-valid', view);
    return no && { ...no, detail: { ...no.detail, engine: view.engine } };
  },
  explain: ({ refused, engine }) =>
    explainRefused(refused, (one) => {
      const { what, value } = one.words;
      return isTooNew(one, engine)
        ? `${optionOf(one)} ${value} came with Docker 23, and this is ${engine?.version}`
        : `"${value}" is no ${what} of ${one.words['driver']}, which knows ${knownOf(one).join(', ')}`;
    }),
  remedy: ({ refused, engine }) => [
    ...(refused.some((one) => isTooNew(one, engine))
      ? [
          advice('Upgrade Docker to 23 or later', 'host', [
            sh`apt-get install --only-upgrade docker-ce || apt-get install --only-upgrade docker.io`,
          ]),
        ]
      : []),
    advice(
      'Create the network with one that is known, or leave the option out',
      'docker',
      refused.flatMap((one) => {
        const instead = closest(
          one.words['value'] ?? '',
          knownOf(one).filter((known) => known !== one.words['value']),
        );
        return one.network ? [createNetwork(one.network, { [one.words['what'] ?? 'mode']: instead })] : [];
      }),
    ),
  ],
});

function optionOf({ words }: Refused): string {
  return `${words['driver']} ${words['what']}`;
}

function knownOf(one: Refused): readonly string[] {
  return KNOWN[optionOf(one)] ?? [];
}

/** What is known by now, and refused all the same: the engine is too old for it. */
function isTooNew(one: Refused, engine: EngineFact | undefined): boolean {
  return (
    engine !== undefined && Number.parseInt(engine.version) < 23 && knownOf(one).includes(one.words['value'] ?? '')
  );
}
