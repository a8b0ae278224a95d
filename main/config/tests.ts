// Runs the examples of a sync's mapping: what reading must give, and what writing must give.
import type { Native } from '../../connectors/native.ts';
import { parseCanonical } from '../core/mapping/canonical.ts';
import { equalValues } from '../core/model/value.ts';
import { fieldType } from './field-type.ts';
import { lensOf } from './model.ts';
import type { NativeCell, SyncConfig } from './schema.ts';

export interface ExampleFailure {
  /** Which example, from 0; its place in the file is `tests[index]`. */
  readonly index: number;
  readonly part: 'read' | 'record' | 'write';
  /** The field or column. */
  readonly name: string;
  readonly message: string;
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : typeof value === 'bigint' ? `${value}` : JSON.stringify(value));

/** Files and databases differ in what they give for a number; an example says the same for both. */
function sameNative(found: Native | undefined, expected: NativeCell): boolean {
  if (found === undefined || found === null || expected === null) return found === expected || (found === undefined && expected === null);
  if (found instanceof Uint8Array) return Buffer.from(found).toString('utf8') === String(expected);
  return String(found) === String(expected);
}

/** Every example that does not hold, in words. `textual` says which endpoints hold only text, as files do. */
export function runExamples(sync: SyncConfig, textual: (endpoint: string) => boolean): readonly ExampleFailure[] {
  return sync.tests.flatMap((test, index): readonly ExampleFailure[] => {
    const endpoint = sync.endpoints[test.at];
    if (endpoint === undefined) return [{ index, part: 'read', name: test.at, message: `there is no endpoint "${test.at}"` }];
    const isText = textual(test.at);
    const facts = { tellsNullFromEmpty: !isText, textual: isText, maxLengths: {} };
    const failures: ExampleFailure[] = [];
    for (const [name, mapping] of Object.entries(endpoint.fields)) {
      const field = sync.record.fields[name];
      if (field === undefined) continue;
      const lens = lensOf(field, mapping, facts);
      const given = Object.hasOwn(test.record, name) ? test.record[name] : undefined;
      const canonical = given === undefined ? undefined : parseCanonical(fieldType(field), given);
      if (canonical?.ok === false)
        failures.push({ index, part: 'record', name, message: `${name} is not in canonical form: ${canonical.why}` });
      const expected = canonical?.ok === true ? canonical.value : undefined;
      if (Object.hasOwn(test.read, mapping.column)) {
        const read = lens.read(test.read[mapping.column] ?? null);
        if (!read.ok)
          failures.push({ index, part: 'read', name: mapping.column, message: `${mapping.column} cannot be read: ${read.why}` });
        else if (expected !== undefined && !equalValues(read.value, expected)) {
          failures.push({ index, part: 'record', name, message: `${name} is ${show(read.value)}, and ${show(expected)} was expected` });
        }
      } else if (expected !== undefined && test.write === undefined) {
        failures.push({ index, part: 'record', name, message: `${name} is expected, but its column "${mapping.column}" is not in "read"` });
      }
      if (test.write !== undefined && Object.hasOwn(test.write, mapping.column) && expected !== undefined) {
        const written = lens.write(expected);
        const wanted = test.write[mapping.column] ?? null;
        if (!written.ok)
          failures.push({ index, part: 'write', name: mapping.column, message: `${name} cannot be written: ${written.why}` });
        else if (!sameNative(written.native, wanted)) {
          failures.push({
            index,
            part: 'write',
            name: mapping.column,
            message: `${mapping.column} would be ${show(written.native)}, and ${show(wanted)} was expected`,
          });
        }
      }
    }
    return failures;
  });
}
