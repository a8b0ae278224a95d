// The one form in which an error crosses a process boundary or reaches a person.
import { z } from 'zod';

export const recoverySchema = z.enum(['retry', 'skip-record', 'stop-connection', 'stop-run', 'ask-user']);

/** What happened, to what, and what to do next. `detail` is technical text that folds out; no secrets anywhere. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  recovery: recoverySchema,
  detail: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
