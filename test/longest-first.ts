// The order of the test files: those that take longest begin, so that no processor waits for one of them at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const longest = [
  'connectors/webdav-file',
  'engine/verify-segments',
  'simulation/simulation',
  'cli/work',
  'cli/refusals',
  'connectors/http-files',
  'simulation/mutations',
  'probe/matrix',
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((part) => moduleId.includes(`/test/${part}`));
  return at === -1 ? longest.length : at;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
