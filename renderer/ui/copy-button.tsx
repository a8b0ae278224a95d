// A button that puts a text on the clipboard and says whether it did.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, where it is not plain to see. */
  readonly label?: string;
  readonly kind?: 'quiet';
}

export function CopyButton({ text, label = 'Copy', kind }: CopyButtonProps): ReactNode {
  const [said, setSaid] = useState({ of: '', word: label });
  const say = (word: string) => (): void => setSaid({ of: text, word });
  const copy = (): void => void navigator.clipboard.writeText(text).then(say('Copied'), say('The clipboard refused it'));
  return (
    <Button small icon="copy" onPress={copy} {...(kind === undefined ? {} : { kind })}>
      {said.of === text ? said.word : label}
    </Button>
  );
}
