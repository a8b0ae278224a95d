// The `kanto` command: runs one command line and ends with its exit code.
import { runProgram } from './program.ts';

process.exitCode = await runProgram(process.argv.slice(2), process);
