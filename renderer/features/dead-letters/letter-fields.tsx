// The payload of a dead letter, by column; the field at fault is tinted and can be edited.
import type { ReactNode } from 'react';
import type { LetterField } from '../../../preload/contract/dead-letters.ts';
import type { WireValue } from '../../../preload/contract/values.ts';
import { Value } from '../../ui/value.tsx';
import { ValueEditor } from '../../ui/value-editor.tsx';
import type { LetterDetail } from './letter-pane.tsx';

export interface LetterFieldsProps {
  readonly letter: LetterDetail;
  /** The field whose value is typed. */
  readonly editing: string | undefined;
  readonly onEdit: (field: string | undefined) => void;
  /** Resolves to why the value was refused, or to nothing. */
  readonly onSave: (field: string, value: WireValue) => Promise<string | undefined>;
}

export function LetterFields({ letter, editing, onEdit, onSave }: LetterFieldsProps): ReactNode {
  const title = letter.kind === 'delete' ? 'What would be deleted' : 'What would be written';
  return (
    <div className="letter__payload">
      <h3 className="sec__title">{title}</h3>
      <table className="letter__fields">
        <thead className="sr">
          <tr>
            <th>Column</th>
            <th>Value</th>
            <th>Before</th>
          </tr>
        </thead>
        <tbody>
          {letter.fields.map((field) => (
            <Row
              key={field.field}
              field={field}
              isEditing={editing === field.field}
              onEdit={() => onEdit(field.field)}
              onCancel={() => onEdit(undefined)}
              onSave={(value) => onSave(field.field, value)}
            />
          ))}
        </tbody>
      </table>
      {letter.fields.length === 0 ? <p className="t3 sm letters__none">The row goes as a whole.</p> : null}
    </div>
  );
}

interface RowProps {
  readonly field: LetterField;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
  readonly onCancel: () => void;
  readonly onSave: (value: WireValue) => Promise<string | undefined>;
}

function Row({ field, isEditing, onEdit, onCancel, onSave }: RowProps): ReactNode {
  return (
    <tr className={field.isAtFault ? 'letter__fault' : ''}>
      <th scope="row">
        {field.column}
        {field.column === field.field ? null : <small className="t3"> {field.field}</small>}
      </th>
      <td>
        {isEditing ? (
          <ValueEditor
            field={field.field}
            type={field.type}
            start={field.after}
            verb="Save and retry"
            onSave={onSave}
            onCancel={onCancel}
          />
        ) : (
          <button type="button" className="letter__value" title={`Edit ${field.field} (e)`} onClick={onEdit}>
            <Value value={field.after} wrap />
          </button>
        )}
      </td>
      <td className="t3">{field.before === undefined ? null : <Value value={field.before} wrap />}</td>
    </tr>
  );
}
