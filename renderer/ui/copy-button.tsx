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
  const [said, setSaid] = useState<string | undefined>(undefined);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('The clipboard refused it'),
    );
  };
  return (
    <Button small icon="copy" onPress={copy} {...(kind === undefined ? {} : { kind })}>
      {said ?? label}
    </Button>
  );
}
