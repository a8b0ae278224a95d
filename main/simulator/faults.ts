// The faults of the simulator: what each one is, in words for people. Their names are public interface.

export const faultCatalogue = {
  refusals: 'A place is locked, or breaks a connection before it does anything.',
  storms: 'A place refuses many calls in a row, as one does that was asked too often.',
  'lost-answers': 'A write takes effect, and its answer never comes, or only a part of it.',
  'partial-batches': 'The connection breaks in the middle of a request: a part of it is written.',
  'refused-rows': 'A place refuses some rows, as for a constraint, while a run writes; they wait as dead letters.',
  'partial-pages': 'A read breaks off, or says that it did not list everything.',
  'repeated-pages': 'Pages of a read come twice or in another order.',
  'stale-pages': 'A page shows rows as they were some time ago.',
  'lost-logs': 'A log of changes breaks off, tells twice, loses its answer, or is let go before it was read.',
  edits: 'People go on editing while a run reads, and between its reading and its writing.',
  'renamed-columns': 'Somebody renames a column for some time.',
  skew: 'Every place has a clock of its own, and ours jumps.',
  crash: 'The computer is switched off at any moment of a run.',
  'disk-full': 'The disk is full when a run stores something.',
  undo: 'Somebody undoes one of the last runs.',
  stewards: 'Two stewards decide, also on what they saw some time ago.',
  'restored-state': 'An old copy of the workspace is put back.',
  'cloned-workspace': 'A copy of the workspace runs as well, in turns, against the same places, until the faults stop.',
} as const;

export type Fault = keyof typeof faultCatalogue;

export const allFaults = Object.keys(faultCatalogue) as readonly Fault[];

export function isFault(name: string): name is Fault {
  return Object.hasOwn(faultCatalogue, name);
}
