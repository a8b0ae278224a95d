// Types a value in place. The engine says whether it fits; until then the editor stays.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { WireValue } from '../../preload/contract/values.ts';
import { Kbd } from './kbd.tsx';
import { isList, textOf, typedValue, typingHint } from './typed-value.ts';
import './value-editor.css';

export interface ValueEditorProps {
  readonly field: string;
  readonly type: string;
  readonly start: WireValue | undefined;
  /** On the button: what typing does. */
  readonly verb: string;
  /** Resolves to why it was refused, or to nothing. */
  readonly onSave: (value: WireValue) => Promise<string | undefined>;
  readonly onCancel: () => void;
}

export function ValueEditor({ field, type, start, verb, onSave, onCancel }: ValueEditorProps): ReactNode {
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => textOf(start));
  const [why, setWhy] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const save = async (value: WireValue): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const refusal = await onSave(value);
    setBusy(false);
    setWhy(refusal);
    if (refusal !== undefined) input.current?.focus();
  };
  return (
    <span className="editor">
      <textarea
        ref={input}
        className="v editor__text"
        aria-label={`Value of ${field}`}
        aria-invalid={why !== undefined}
        aria-describedby="editor-hint"
        rows={Math.min(6, Math.max(1, text.split('\n').length, Math.ceil(text.length / 24)))}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const ends = event.key === 'Enter' && !event.shiftKey && (!isList(type) || event.ctrlKey || event.metaKey);
          if (ends) void save(typedValue(text, type));
          else if (event.key === 'Escape') onCancel();
          else if (event.altKey && event.key.toLowerCase() === 'n') void save(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span
        id="editor-hint"
        className={why === undefined ? 'editor__hint' : 'editor__hint field-error'}
        role={why === undefined ? undefined : 'alert'}
      >
        {why ?? typingHint(type)}
      </span>
      <span className="editor__keys">
        <button type="button" className="btn btn--quiet btn--sm" onClick={() => void save(typedValue(text, type))}>
          {busy ? 'Checking' : verb} <Kbd keys={isList(type) ? '$mod+Enter' : 'Enter'} />
        </button>
        <button type="button" className="btn btn--quiet btn--sm" onClick={() => void save(null)}>
          null <Kbd keys="Alt+n" />
        </button>
      </span>
    </span>
  );
}
