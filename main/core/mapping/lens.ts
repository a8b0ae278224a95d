// Lenses: how one field is read from and written to one endpoint, and what the endpoint shows of a value.
import type { Native } from '../../../connectors/native.ts';
import { KantoError } from '../model/error.ts';
import type { FieldType } from '../model/field.ts';
import type { FieldLens, Read, Written } from '../model/sync.ts';
import type { Value } from '../model/value.ts';
import type { Codec } from './codecs/codec.ts';
import { makeCodec } from './codecs/index.ts';
import { formatProblem } from './format.ts';
import type { Format } from './format.ts';
import { asValue, refuse, show, written } from './words.ts';

export interface LensOptions {
  readonly type: FieldType;
  readonly column: string;
  readonly direction: 'both' | 'read' | 'write';
  readonly blank: 'propagate' | 'ignore' | 'ask';
  readonly format: Format;
  /** Table of an enumeration or boolean, native to canonical. */
  readonly values?: Readonly<Record<string, string>>;
  /** Whether a cell can hold null apart from empty text. */
  readonly tellsNullFromEmpty: boolean;
  /** The endpoint stores only text: a file. */
  readonly textual: boolean;
  /** The longest text the column takes, in code points. Text is written cut; other values that are longer are refused. */
  readonly maxLength?: number;
}

/**
 * Makes the lens of a field. Reading is strict: whatever is not exactly in the format is a misfit that names the value. Nothing is written that
 * could not be read back. A format that makes no sense for the type throws `config-invalid`.
 */
export function makeLens(options: LensOptions): FieldLens {
  const { type, column, direction, blank, format, values, maxLength } = options;
  const problem = formatProblem(type, format, values);
  if (problem !== undefined) {
    throw new KantoError('config-invalid', `column ${column}: ${problem}`, 'Correct the format of this field in the mapping.');
  }
  const codec = makeCodec(type, { format, textual: options.textual, ...(values === undefined ? {} : { values }) }, maxLength);
  const blanks = blankRule(options, codec);
  const read = (native: Native): Read => readCell(native, codec, blanks);
  const isCut = maxLength !== undefined && type.kind !== 'text';
  const keeps = (value: Value): value is Exclude<Value, null> => !isCut && value !== null && !isEmpty(value) && codec.keeps(value);
  const project = (value: Value): { readonly out: Written; readonly image: Read } => {
    const out = writeCell(value, codec, blanks, maxLength);
    if (!out.ok) return { out, image: out };
    const image = read(out.native);
    if (image.ok) return { out, image };
    const misfit = refuse(`${show(value)} cannot be written so that it reads back: ${image.why}`);
    return { out: misfit, image: misfit };
  };
  return {
    column,
    direction,
    blank,
    read,
    write: (value) => (codec.readsBack === true || keeps(value) ? writeCell(value, codec, blanks, maxLength) : project(value).out),
    image: (value) => (keeps(value) ? asValue(value) : project(value).image),
  };
}

/** What null and empty cells are: told apart, both null, or both empty text. */
type BlankRule = 'apart' | 'null' | 'text';

function blankRule(options: LensOptions, codec: Codec): BlankRule {
  const { tellsNullFromEmpty, format, type } = options;
  if (codec.readsEmpty === true || (type.kind === 'text' && format.empty === 'text')) return tellsNullFromEmpty ? 'apart' : 'text';
  if (format.empty === 'null') return 'null';
  return tellsNullFromEmpty ? 'apart' : 'null';
}

function readCell(native: Native, codec: Codec, blanks: BlankRule): Read {
  if (native === null) return blanks === 'text' ? codec.read('') : asValue(null);
  if (blanks !== 'null') return codec.read(native);
  if (native === '' || (typeof native === 'string' && codec.readsSpaces !== true && native.trim() === '')) return asValue(null);
  const read = codec.read(native);
  return read.ok && isEmpty(read.value) ? asValue(null) : read;
}

function writeCell(value: Value, codec: Codec, blanks: BlankRule, maxLength: number | undefined): Written {
  if (value === null) return written(blanks === 'text' ? '' : null);
  if (blanks === 'null' && isEmpty(value)) return written(null);
  const out = codec.write(value);
  if (out.ok && typeof out.native === 'string' && maxLength !== undefined && isLonger(out.native, maxLength)) {
    return refuse(`longer than the ${maxLength} characters of the column: ${show(value)}`);
  }
  return out;
}

/** No value in the eyes of an endpoint whose empty cells are null. */
function isEmpty(value: Value): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function isLonger(text: string, maxLength: number): boolean {
  return text.length > maxLength && [...text].length > maxLength;
}
