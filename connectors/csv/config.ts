// What a CSV connection asks for.
import { z } from 'zod';

const oneCharacter = z.string().regex(/^[\t\x20-\x7e]$/, 'one character');

export const csvConfigSchema = z
  .strictObject({
    path: z.string().min(1).meta({ format: 'path', description: 'The file; relative paths start at the configuration folder' }),
    delimiter: z
      .union([oneCharacter, z.literal('tab')])
      .optional()
      .describe('The character between cells, or "tab"; found by itself when absent'),
    quote: z
      .union([oneCharacter, z.literal('')])
      .optional()
      .describe('The character around cells; empty when cells are never quoted'),
    encoding: z.string().min(1).optional().describe('Such as utf-8, utf-16le, windows-1252; found by itself when absent'),
    header: z.int().min(1).optional().describe('The line of the header, from 1; lines before it are kept'),
    mode: z
      .enum(['rewrite', 'append'])
      .optional()
      .describe(
        '"append" for a log or journal of another program: new rows go at its end, and nothing in it is changed; "rewrite" when absent',
      ),
  })
  .describe('A table in a text file on this computer: CSV, TSV, or with another separator.');

export type CsvConfig = z.infer<typeof csvConfigSchema>;
