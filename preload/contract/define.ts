// How a question that a window may ask is declared: once, with the shape of its input and of its answer.
import type { z } from 'zod';

export interface Call<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly input: Input;
  readonly output: Output;
}

export function call<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output): Call<Input, Output> {
  return { input, output };
}

/** A stream that begins with a snapshot of what is; each message is a whole new state, so a lost one does no harm. */
export interface Topic<Message extends z.ZodType = z.ZodType> {
  readonly message: Message;
}

export function topic<Message extends z.ZodType>(message: Message): Topic<Message> {
  return { message };
}
