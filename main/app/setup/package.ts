// `npm run package`: makes the unpacked application in `out`, for the system it runs on.
import { packageApplication } from './packaging.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  say(`The application is ${await packageApplication({ forTests: false, say })}`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
