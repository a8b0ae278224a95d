// The laws that every history is held to, and the error that says that one was broken.

/** By law: what was promised, in words for people. */
export const laws = {
  converges: 'When edits and faults stop, a few runs leave nothing to do.',
  'nothing-lost': 'Every value that a person wrote is agreed, contested, or in the history.',
  'nothing-invented': 'No place holds a value that nobody wrote.',
  'no-doubles': 'No row is created where its like already is.',
  'no-false-deletes': 'No row is deleted that nobody deleted somewhere.',
  'order-free': 'The order in which places are read changes no decision.',
  'said-then-done': 'Nothing is written that the stored plan does not say.',
  'stable-conflicts': 'A run without news changes nothing.',
  guarded: 'No run writes past a limit that it was given.',
  'decided-as-seen': 'A decision counts for the values that the person saw, and for no others.',
  sound: 'Nothing fails but by a fault.',
} as const;

export type Law = keyof typeof laws;

export class LawBroken extends Error {
  override readonly name = 'LawBroken';
  readonly law: Law;

  constructor(law: Law, message: string) {
    super(`${law}: ${message}`);
    this.law = law;
  }
}
