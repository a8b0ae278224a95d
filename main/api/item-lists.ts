// The lists of lines of plans and runs: any page of a million lines, counts by state, searches that go on from question to question.
import { countKinds, tallyLines } from '../engine/tally.ts';
import type { LineCount } from '../engine/tally.ts';
import type { Db } from '../store/open.ts';
import type { ItemKind, ItemState } from '../store/tables/plan-items.ts';
import type { PlanRow, PlanSummary } from '../store/tables/plans.ts';
import { itemListTable } from '../store/tables/queries/item-list.ts';
import type { ItemRow } from '../store/tables/queries/item-list.ts';
import { itemSearchTable } from '../store/tables/queries/item-search.ts';
import { groupDirectory } from './item-directory.ts';
import type { GroupDirectory } from './item-directory.ts';
import { startSearch } from './item-search.ts';
import type { ItemSearch } from './item-search.ts';
import { remembered } from './remembered.ts';

/** A sealed plan, whose lines are there for good. */
export interface ListedPlan {
  readonly plan: PlanRow;
  /** It was held against an approved plan after its seal: lines were unticked or set aside. */
  readonly isRevised: boolean;
  /** A run is carrying it out. */
  readonly isWriting: boolean;
}

export interface ItemFilter {
  readonly kind?: ItemKind | undefined;
  readonly endpoint?: string | undefined;
  readonly state?: ItemState | undefined;
  /** Shown text contains this, in either case. */
  readonly text?: string | undefined;
  readonly field?: string | undefined;
}

export interface ItemPage {
  readonly total: number;
  /** The search goes on: there may be more than `total`. Ask again. */
  readonly more: boolean;
  readonly rows: readonly ItemRow[];
}

export interface ItemLists {
  page(listed: ListedPlan, filter: ItemFilter, offset: number, limit: number): Promise<ItemPage>;
  states(listed: ListedPlan): Promise<LineCount[]>;
}

/** Plans and searches that are remembered: about 10 bytes a thousand lines, and 8 bytes a hit. */
const plansKept = 8;
const searchesKept = 4;

/** `version` names the state of the world: a finished plan's lines change with it at most. */
export function createItemLists(db: Db, version: () => string): ItemLists {
  const table = itemListTable(db);
  const searches = itemSearchTable(db);
  const directories = remembered<Promise<readonly GroupDirectory[]>>(plansKept);
  const searching = remembered<ItemSearch>(searchesKept);
  const nameOf = ({ plan, isRevised }: ListedPlan) => `${plan.id} ${plan.hash} ${plan.madeAt} ${isRevised}`;

  const openDirectory = async ({ plan, isRevised }: ListedPlan): Promise<readonly GroupDirectory[]> => {
    const summary = JSON.parse(plan.summary) as Partial<PlanSummary>;
    const counts = isRevised || summary.counts === undefined ? countKinds(await tallyLines(db, plan.id)) : summary.counts;
    return counts
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => order(a.kind, b.kind) || order(a.endpoint, b.endpoint))
      .map(({ kind, endpoint, count }) => groupDirectory(table, { plan: plan.id, kind, endpoint }, count, !isRevised && isOperation(kind)));
  };
  const groupsOf = async (listed: ListedPlan, filter: ItemFilter): Promise<readonly GroupDirectory[]> => {
    const all = await directories.get(nameOf(listed), () => openDirectory(listed));
    return all.filter(
      ({ group }) =>
        (filter.kind === undefined || group.kind === filter.kind) && (filter.endpoint === undefined || group.endpoint === filter.endpoint),
    );
  };

  const page = async (groups: readonly GroupDirectory[], offset: number, limit: number): Promise<ItemPage> => {
    const ids: number[] = [];
    let before = 0;
    for (const one of groups) {
      const rank = Math.max(0, offset - before);
      if (rank < one.lines && ids.length < limit) {
        const { from, skip } = await one.place(rank);
        ids.push(...table.ids(one.group, from, skip, limit - ids.length));
      }
      before += one.lines;
    }
    return { total: before, more: false, rows: table.rows(ids) };
  };
  const pageInState = async (
    groups: readonly GroupDirectory[],
    state: ItemState,
    isWriting: boolean,
    offset: number,
    limit: number,
  ): Promise<ItemPage> => {
    const ids: number[] = [];
    let before = 0;
    for (const one of groups) {
      const own = (await one.states(version(), isWriting)).get(state) ?? 0;
      const rank = Math.max(0, offset - before);
      if (rank < own && ids.length < limit) ids.push(...(await one.idsIn(state, rank, limit - ids.length)));
      before += own;
    }
    return { total: before, more: false, rows: table.rows(ids) };
  };

  return {
    async page(listed, filter, offset, limit) {
      const { text, field, state } = filter;
      const groups = await groupsOf(listed, filter);
      if (text === undefined && field === undefined) {
        return state === undefined ? page(groups, offset, limit) : pageInState(groups, state, listed.isWriting, offset, limit);
      }
      // States change: a search for one is good for this state of the world only.
      const name = JSON.stringify([nameOf(listed), filter, state === undefined ? '' : `${version()} ${listed.isWriting}`]);
      const search = searching.get(name, () => startSearch(searches, groups, { text, field, state }));
      await search.look();
      return { total: search.hits.length, more: !search.isOver(), rows: table.rows(search.hits.slice(offset, offset + limit)) };
    },
    async states(listed) {
      const all: LineCount[] = [];
      for (const one of await groupsOf(listed, {})) {
        const { kind, endpoint } = one.group;
        for (const [state, count] of await one.states(version(), listed.isWriting)) all.push({ kind, endpoint, state, count });
      }
      return all;
    },
  };
}

function isOperation(kind: ItemKind): boolean {
  return kind === 'create' || kind === 'update' || kind === 'delete';
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
