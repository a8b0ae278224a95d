// What an Excel connection asks for.
import { z } from 'zod';

export const excelConfigSchema = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .meta({ format: 'path', description: 'The workbook (.xlsx or .xlsm); relative paths start at the configuration folder' }),
    header: z
      .int()
      .min(1)
      .max(1_048_576)
      .optional()
      .describe('The row of the header on worksheets, from 1; the first row that holds text when absent; tables know their own'),
  })
  .describe('Sheets and tables of a workbook on this computer, changed in place.');

export type ExcelConfig = z.infer<typeof excelConfigSchema>;
