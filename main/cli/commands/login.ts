// `kanto login`: a person signs in to a connection, and the workspace keeps what comes of it.
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';

export async function login({ output, withSession }: CommandContext, connection: string): Promise<ExitCode> {
  return withSession(async ({ workspace, signal }) => {
    const secrets = await workspace.login(connection, {
      show: (address) => output.note(`Open this address in a browser and sign in:\n${address}`),
      signal,
    });
    output.result({ connection, secrets }, () => `Signed in to ${connection}; kept in the workspace: ${secrets.join(', ')}`);
    return exitCodes.complete;
  });
}
