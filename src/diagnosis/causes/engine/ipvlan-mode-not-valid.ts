import type { EngineFact } from '../../../evidence/facts.js';
import { sh } from '../../../shell.js';
import { closest } from '../../../suggest.js';
import { advice, defineCause } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'ipvlan mode': ['l2', 'l3', 'l3s'],
  'ipvlan flag': ['bridge', 'private', 'vepa'],
  'macvlan mode': ['bridge', 'vepa', 'private', 'passthru'],
};

export const ipvlanModeNotValid = defineCause({
  id: 'ipvlan-mode-not-valid',
  title: 'The network has a mode or flag that the driver does not support',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    ipvlan_mode is l2, l3 or l3s. ipvlan_flag is bridge, private or vepa. macvlan_mode is bridge, vepa, private or
    passthru. Docker supports l3s and the flags since version 23. Older versions reject them like misspelt values. A
    misspelt name of the option itself is ignored without a warning: the network then has mode l2.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://github.com/moby/moby/pull/42542'],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('ipvlan-mode-not-valid', observed);
    return seen && { ...seen, detail: { ...seen.detail, engine: observed.network.names.engine } };
  },
  explain: ({ errors, engine }) =>
    explainErrors(errors, (one) => {
      const { what, value, driver } = one.words;
      return isTooNew(one, engine)
        ? `Docker supports ${optionOf(one)} ${value} since version 23, and this is ${engine?.version}`
        : `"${value}" is not a ${what} of ${driver}, which supports ${knownOf(one).join(', ')}`;
    }),
  remedy: ({ errors, engine, host }) => [
    ...(errors.some((one) => isTooNew(one, engine))
      ? [
          advice('Upgrade Docker to 23 or later', host, [
            sh`apt-get install --only-upgrade docker-ce || apt-get install --only-upgrade docker.io`,
          ]),
        ]
      : []),
    advice('Create the network with a supported value, or without the option', 'docker', errors.flatMap(corrected)),
  ],
});

/** The network with the supported value closest to the rejected one. */
function corrected(one: EngineError) {
  const { value = '', what = 'mode' } = one.words;
  const others = knownOf(one).filter((known) => known !== value);
  return one.network ? [createNetwork(one.network, { [what]: closest(value, others) })] : [];
}

function optionOf({ words }: EngineError): string {
  return `${words['driver']} ${words['what']}`;
}

function knownOf(one: EngineError): readonly string[] {
  return KNOWN[optionOf(one)] ?? [];
}

/** A value that later engines support, and this one does not yet. */
function isTooNew(one: EngineError, engine: EngineFact | undefined): boolean {
  return (
    engine !== undefined && Number.parseInt(engine.version) < 23 && knownOf(one).includes(one.words['value'] ?? '')
  );
}
