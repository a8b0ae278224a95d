// The operations of a run, filtered by the counts above, with before and after.
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { ask, usePagedAsk } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { itemColumns } from './item-columns.tsx';
import { isFiltered, itemsInput, searchOf } from './run-filter.ts';
import type { RunFilter } from './run-filter.ts';

export interface OperationsProps {
  readonly run: number;
  /** The run still reads or writes: rows may come. */
  readonly isMoving: boolean;
  readonly filter: RunFilter;
  readonly selected: number;
  readonly onSelect: (index: number, item: PlanItem | undefined) => void;
  readonly onOpen: () => void;
  readonly onClear: () => void;
}

export function Operations({ run, isMoving, filter, selected, onSelect, onOpen, onClear }: OperationsProps): ReactNode {
  const load = useCallback((offset: number, limit: number) => ask('runs.items', itemsInput(run, filter, offset, limit)), [run, filter]);
  const source = usePagedAsk(`items of ${run} ${searchOf(filter)}`, load);
  const { at } = source;
  const select = useCallback((index: number) => onSelect(index, at(index)), [onSelect, at]);
  return (
    <VirtualTable
      label="Operations"
      columns={itemColumns}
      source={source}
      selected={selected}
      onSelect={select}
      onOpen={(item, index) => {
        onSelect(index, item);
        onOpen();
      }}
      onRetry={source.again}
      takesFocus
      empty={
        isFiltered(filter) ? (
          <EmptyState title="No operation is like this" action={<Button onPress={onClear}>Show all operations</Button>}>
            The count that you chose has no rows in this run.
          </EmptyState>
        ) : isMoving ? (
          <EmptyState title="Nothing is planned yet">
            The operations stand here as soon as everything is read and decided, before the first is written.
          </EmptyState>
        ) : (
          <EmptyState title="Nothing to do">
            Every endpoint already held what it should. A run that finds no difference writes nothing.
          </EmptyState>
        )
      }
    />
  );
}
