// The valid file of a sync, damaged in ways that people and programs damage files; some of it is still a sync, of another meaning.
import fc from 'fast-check';
import { valid } from './folder.ts';

const text = valid['syncs/customers.yaml'] ?? '';

/** The text with a piece of it replaced by another piece, or by something that YAML reads in its own way. */
export const damaged = fc
  .record({
    at: fc.nat(text.length - 1),
    length: fc.nat(20),
    by: fc.oneof(
      fc.constantFrom(
        '',
        '{',
        '}',
        '[',
        ']',
        ': ',
        '- ',
        '\n',
        '\n  ',
        'null',
        'true',
        '0417',
        '"',
        "'",
        '*a',
        '&a ',
        '__proto__: 1',
        'constructor: x',
        'default',
        '!!js x',
        '%',
        '\t',
      ),
      fc.nat(text.length - 1).map((from) => text.slice(from, from + 12)),
      fc.string({ maxLength: 6 }),
    ),
  })
  .map(({ at, length, by }) => text.slice(0, at) + by + text.slice(at + length));
