// F6: the focus goes from pane to pane.

const PANES = '.nav, .toolbar, .vt, .panel, .actionbar, [data-pane]';
const FOCUSABLE = 'a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]';

/** Moves the focus to the next pane that can take it; `step` is 1 or -1. */
export function cyclePane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(PANES)].filter((pane) => pane.offsetParent !== null && targetOf(pane) !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + step + panes.length) % panes.length];
  if (next !== undefined) targetOf(next)?.focus();
}

function targetOf(pane: HTMLElement): HTMLElement | null {
  return pane.matches('[tabindex="0"]') ? pane : pane.querySelector<HTMLElement>(FOCUSABLE);
}
