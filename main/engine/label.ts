// A name for a record that people recognise.
import type { SyncConfig } from '../config/schema.ts';
import type { Value, Values } from '../core/model/value.ts';

/** The field that names a record: one called name or title, else the first match field, else the first field. */
export function labelField(config: SyncConfig): string | undefined {
  const fields = Object.keys(config.record.fields);
  return (
    fields.find((field) => /^(name|title|label)$/i.test(field)) ??
    fields.find((field) => /name|title/i.test(field)) ??
    config.match[0] ??
    fields[0]
  );
}

/** Names the records of a sync; `otherwise` is for those without any name. */
export function createLabeller(config: SyncConfig): (values: Values, otherwise: () => string) => string {
  const fields = [labelField(config), ...config.match].filter((field) => field !== undefined);
  return (values, otherwise) => {
    for (const field of fields) {
      const text = shown(values[field]);
      if (text !== undefined) return text;
    }
    return otherwise();
  };
}

function shown(value: Value | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The first native key of a record, as people read it; undefined where it has no link. */
export function firstKey(links: Readonly<Record<string, { readonly key: string }>>): string | undefined {
  const key = Object.values(links)[0]?.key;
  return key === undefined ? undefined : (JSON.parse(key) as string[]).join(', ');
}
