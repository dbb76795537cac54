import { Option, type Command } from 'commander';
import { DoctorError } from '../errors.js';
import { isAddress } from '../ip.js';
import { clientCommand } from '../probes/client/client-command.js';
import { parseClientEvidence, type ClientEvidence } from '../probes/client/client-evidence.js';
import { routerFamily } from '../probes/gateway/families.js';
import { parseTarget } from '../workflows/attach/questions.js';
import { familyNames, fileText } from './attach-options.js';

/** What a router's owner and a LAN client's user can be asked for. */
export interface OtherSidesFlags {
  readonly printGatewayCommand?: boolean | string;
  readonly router?: string;
  readonly printClientCommand?: string;
  readonly clientEvidence?: string;
}

/** Adds the flags of {@link OtherSidesFlags}. */
export function withOtherSides(command: Command): Command {
  return command
    .option(
      '--print-gateway-command [family]',
      `print what to paste on the router; --gateway-evidence reads its output (${familyNames()}; default: linux)`,
    )
    .option(
      '--print-client-command <family>',
      'print what to paste on a LAN client that runs linux, macos or windows; CONTAINER is then its address, with an optional :PORT',
    )
    .addOption(
      new Option('--client-evidence <file>', 'what that printed on the LAN client').env(
        'IPVLAN_DOCTOR_CLIENT_EVIDENCE',
      ),
    );
}

/** What is to be pasted elsewhere; `undefined` where that was not asked. */
export function commandToPaste(container: string | undefined, flags: OtherSidesFlags): string | undefined {
  const { printGatewayCommand: onRouter, printClientCommand: onClient, router = 'linux' } = flags;
  if (onRouter !== undefined) return routerFamily(typeof onRouter === 'string' ? onRouter : router).command;
  if (onClient === undefined) return undefined;
  const { host: address, port } = parseTarget(container ?? '');
  if (isAddress(address)) return clientCommand(onClient, { address, port });
  throw new DoctorError('USAGE', 'Name the container by its address, with an optional :PORT: the client asks for it.', {
    hint: `For example: ipvlan-doctor diagnose 192.168.10.10:80 --print-client-command ${onClient}`,
  });
}

/** What a LAN client printed; `undefined` where none was asked. Read before the look, so that a wrong file is rejected first. */
export async function clientSaid({ clientEvidence: file }: OtherSidesFlags): Promise<ClientEvidence | undefined> {
  return file === undefined ? undefined : parseClientEvidence(await fileText(file));
}
