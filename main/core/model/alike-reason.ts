// What errors of different records have in common: the message without what belongs to the single record.

/** The same for errors that one remedy would mend: where it happened, quoted values and numbers are left out. */
export function alikeReason(code: string, message: string): string {
  const general = message
    .replace(/^.* refused the row: /, '')
    .replaceAll(/"[^"]*"|'[^']*'|“[^”]*”/g, '…')
    .replaceAll(/(?:[A-Za-z]:)?[\\/][^\s,:]+/g, '…')
    .replaceAll(/\d+/g, '…')
    .replaceAll(/…(?:[\s,.]*…)+/g, '…')
    .replace(/\.$/, '')
    .trim();
  return code === 'constraint' ? general : `${code}: ${general}`;
}
