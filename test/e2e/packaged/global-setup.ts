// Packages the application once, in the form that lets a test driver attach.
import type { TestProject } from 'vitest/node';
import { packageApplication } from '../../../main/app/setup/packaging.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Path of the packaged executable. */
    executable: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const executable = await packageApplication({ forTests: true, say: (line) => void process.stderr.write(`${line}\n`) });
  project.provide('executable', executable);
}
