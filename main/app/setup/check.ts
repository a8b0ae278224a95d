// `npm run check`: everything that can be said about the code without running the application.
import { architectureStep, checkSteps, runSteps } from './steps.ts';

const { failed } = await runSteps([...checkSteps, architectureStep], (line) => void process.stdout.write(`${line}\n`));
process.exitCode = failed === 0 ? 0 : 1;
