import { DoctorError } from '../../../src/errors.js';
import { composeWanted, type WantedNetworks } from '../../../src/scenario/real-site.js';
import { readYaml } from '../../../src/scenario/yaml-file.js';

type Read = WantedNetworks | { readonly lines: readonly string[]; readonly error: DoctorError };

/** What a compose file comes to: its networks, or the problems it is refused for, one line each. */
export function readCompose(text: string, variables: Readonly<Record<string, string>> = {}): Read {
  try {
    return composeWanted(readYaml(text, 'compose.yaml', { merge: true }), variables);
  } catch (error) {
    if (!(error instanceof DoctorError)) throw error;
    return { lines: error.message.split('\n'), error };
  }
}

export function problemsOf(text: string, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  const read = readCompose(text, variables);
  return 'lines' in read ? read.lines : [];
}

export function warningsOf(text: string): readonly string[] {
  const read = readCompose(text);
  if ('lines' in read) throw new Error(`it was refused: ${read.lines.join('\n')}`);
  return read.warnings;
}

/** One IPvlan network called lan, and what else the file holds. */
export function withLan(rest: string, driver = 'ipvlan', opts = ''): string {
  return `networks:
  lan:
    driver: ${driver}
    driver_opts: { parent: eth0${opts} }
    ipam: { config: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1, aux_addresses: { nas: 192.168.0.7 } }] }
${rest}`;
}
