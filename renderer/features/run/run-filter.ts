// Which operations of a run are shown; kept in the route.
import type { CallInput, CallOutput } from '../../../preload/contract/index.ts';
import type { ItemKind, PlanItem } from '../../../preload/contract/runs.ts';

export type RunDetail = CallOutput<'runs.get'>;

export interface RunFilter {
  readonly kind: ItemKind | '';
  readonly state: PlanItem['state'] | '';
  readonly endpoint: string;
  readonly text: string;
}

const kinds: readonly string[] = ['create', 'update', 'delete', 'conflict', 'withheld', 'skip'] satisfies ItemKind[];
const states: readonly string[] = ['planned', 'done', 'moved', 'failed', 'withheld', 'skipped'] satisfies PlanItem['state'][];

function isKind(text: string): text is ItemKind {
  return kinds.includes(text);
}

function isState(text: string): text is PlanItem['state'] {
  return states.includes(text);
}

/** Reads the filter from a query; words it does not know are left out. */
export function filterOf(search: string): RunFilter {
  const query = new URLSearchParams(search);
  const kind = query.get('kind') ?? '';
  const state = query.get('state') ?? '';
  return {
    kind: isKind(kind) ? kind : '',
    state: isState(state) ? state : '',
    endpoint: query.get('endpoint') ?? '',
    text: query.get('text') ?? '',
  };
}

export function searchOf(filter: RunFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The question for one page of what the filter shows. */
export function itemsInput(run: number, filter: RunFilter, offset: number, limit: number): CallInput<'runs.items'> {
  return {
    run,
    offset,
    limit,
    ...(filter.kind === '' ? {} : { kind: filter.kind }),
    ...(filter.state === '' ? {} : { state: filter.state }),
    ...(filter.endpoint === '' ? {} : { endpoint: filter.endpoint }),
    ...(filter.text === '' ? {} : { text: filter.text }),
  };
}

export function sameFilter(a: Pick<RunFilter, 'kind' | 'state'>, b: Pick<RunFilter, 'kind' | 'state'>): boolean {
  return a.kind === b.kind && a.state === b.state;
}

export function isFiltered(filter: RunFilter): boolean {
  return searchOf(filter) !== '';
}
