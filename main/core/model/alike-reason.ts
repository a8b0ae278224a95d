// What errors of different records have in common: the message without what belongs to the single record.

/** The same for errors that one remedy would mend: quoted values and numbers are left out. */
export function alikeReason(code: string, message: string): string {
  const general = message
    .replaceAll(/"[^"]*"|'[^']*'|“[^”]*”/g, '…')
    .replaceAll(/\d+/g, '…')
    .replaceAll(/…(?:[\s,.]*…)+/g, '…')
    .trim();
  return `${code}: ${general}`;
}
