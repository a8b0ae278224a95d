// The agreed values of a record as the database holds them: packed, behind the number of the list of names they are packed with.
import { packValues, unpackValues } from '../../core/model/packed.ts';
import type { Values } from '../../core/model/value.ts';
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

/** Ends the number of the shape; no packed value holds it. */
const end = '\u001e';

/** Packs and unpacks the column `record.golden`. */
export const goldenText = preparedOnce((db: Db) => {
  const find = db.prepare<[string], number>('SELECT id FROM shape WHERE names = ?').pluck();
  const insert = db.prepare<[string]>('INSERT INTO shape (names) VALUES (?)');
  const load = db.prepare<[number], string>('SELECT names FROM shape WHERE id = ?').pluck();

  const shapeOf = (names: readonly string[]): number => {
    const text = JSON.stringify(names);
    return find.get(text) ?? Number(insert.run(text).lastInsertRowid);
  };
  const namesOf = (shape: number): readonly string[] => JSON.parse(load.get(shape) ?? '[]') as string[];

  return {
    /** Packs records one after the other; the names of the last one are remembered, because the next one mostly has the same. */
    packer(): (values: Values) => string {
      let known: readonly string[] = [];
      let prefix: string | undefined;
      return (values) => {
        const names = Object.keys(values);
        if (prefix === undefined || !sameNames(names, known)) {
          known = names;
          prefix = `${shapeOf(names)}${end}`;
        }
        return prefix + packValues(known, values);
      };
    },
    /** The other way round. */
    unpacker(): (text: string) => Values {
      let known: readonly string[] = [];
      let shape: string | undefined;
      return (text) => {
        const at = text.indexOf(end);
        const found = text.slice(0, at);
        if (found !== shape) {
          known = namesOf(Number(found));
          shape = found;
        }
        return unpackValues(known, text.slice(at + 1));
      };
    },
  } as const;
});

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
