// What is printed on a keycap for a key in tinykeys' words.

const names: Readonly<Record<string, string>> = {
  Enter: '⏎',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Delete: 'Del',
  $mod: 'Ctrl',
  Control: 'Ctrl',
  '(^[0-9]$)': '1–9',
};

/** The caps of a combination or of keys in sequence: `$mod+k` is Ctrl K on one cap, `g c` two caps. */
export function capsOf(keys: string): string[] {
  return keys.split(' ').map((press) =>
    press
      .split(/(?<=\w|\])\+/)
      .filter((part) => part !== '[Shift]')
      .map((part) => names[part] ?? part)
      .join(' '),
  );
}
