// One conflict on screen: its head, its values side by side, what decides it, and the evidence beside.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ConflictField, QueueItem } from '../../../preload/contract/conflicts.ts';
import { asProblem } from '../../api.ts';
import { counted } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.tsx';
import type { Fold } from '../../ui/panel.tsx';
import { useToast } from '../../ui/toast.tsx';
import { AlikeDialog } from './alike-dialog.tsx';
import { CompareTable, visibleRows } from './compare-table.tsx';
import type { Cursor } from './compare-table.tsx';
import { decided, decisionKey, firstColumn, nextField, orderRows, stepColumn, valueAt } from './decisions.ts';
import type { LocalDecision } from './decisions.ts';
import { EvidencePanel } from './evidence-panel.tsx';
import { MatchView } from './match-view.tsx';
import { togetherRefusal, togglePartner } from './partners.ts';
import { PresenceView } from './presence-view.tsx';
import { RecordActions } from './record-actions.tsx';
import { RecordHead } from './record-head.tsx';
import { alikeCount, placeInGroup, stepItem } from './queue.ts';
import { WHOLE } from './use-decider.ts';
import type { Decider } from './use-decider.ts';
import type { Detail } from './use-details.ts';

export interface RecordPaneProps {
  readonly detail: Detail;
  /** The part of the queue around it. */
  readonly items: readonly QueueItem[];
  readonly groups: readonly { readonly group: string; readonly count: number }[];
  /** Where it stands in the queue. */
  readonly rank: number | undefined;
  readonly decider: Decider;
  readonly fold: Fold;
  readonly onOpen: (id: number) => void;
  /** To the next record that needs a person. */
  readonly onAdvance: () => void;
}

interface Place extends Cursor {
  readonly id: number;
}

/** Whether the record is to live, as decided here or known to the engine. */
function keepShown(detail: Detail, whole: LocalDecision | undefined): boolean | undefined {
  if (whole !== undefined) return whole.state === 'decided' ? whole.value === true : undefined;
  return detail.presence?.choice === undefined ? undefined : detail.presence.choice === 'keep';
}

export function RecordPane({ detail, items, groups, rank, decider, fold, onOpen, onAdvance }: RecordPaneProps): ReactNode {
  const toast = useToast();
  const grid = useRef<HTMLTableElement>(null);
  const [place, setPlace] = useState<Place | undefined>(undefined);
  const [open, setOpen] = useState<ReadonlySet<'merged' | 'agreed'>>(new Set(['merged']));
  const [editing, setEditing] = useState<string | undefined>(undefined);
  const [confirming, setConfirming] = useState<{ readonly row: ConflictField; readonly column: string; readonly many: number } | undefined>(
    undefined,
  );
  const [picks, setPicks] = useState<{ readonly id: number; readonly picked: ReadonlySet<number> }>({ id: detail.id, picked: new Set() });

  const names = detail.endpoints.map((endpoint) => endpoint.name);
  const rows = visibleRows(detail, open);
  const entryOf = (field: string) => decider.local.get(decisionKey(detail.id, field));
  const chosenFor = (row: ConflictField) => decided(row, entryOf(row.field), detail.seen);
  const isFieldDecided = (field: string): boolean => {
    const row = detail.rows.find((other) => other.field === field);
    return row !== undefined && chosenFor(row) !== undefined;
  };
  const startField = nextField(orderRows(detail.rows), undefined, isFieldDecided) ?? rows[0]?.field;
  const field = place?.id === detail.id && rows.some((row) => row.field === place.field) ? place.field : startField;
  const row = rows.find((other) => other.field === field);
  const column = place?.id === detail.id && place.field === field ? place.column : firstColumn(row, names);
  const cursor: Cursor | undefined = row === undefined ? undefined : { field: row.field, column };
  const isEditing = editing !== undefined && editing === decisionKey(detail.id, field ?? '');
  const partners = detail.partners ?? [];
  const picked = picks.id === detail.id ? picks.picked : new Set<number>();
  const whole = entryOf(WHOLE);
  const isWholeDecided = whole === undefined ? detail.decided : whole.state === 'decided';

  // biome-ignore lint/correctness/useExhaustiveDependencies: another record takes the focus as well
  useEffect(() => {
    if (!isEditing && document.querySelector('dialog[open]') === null && !(document.activeElement instanceof HTMLInputElement))
      grid.current?.focus({ preventScroll: true });
  }, [isEditing, detail.id]);

  const moveTo = (next: string, at?: string): void => {
    const target = detail.rows.find((other) => other.field === next);
    setPlace({ id: detail.id, field: next, column: at ?? (target === undefined ? column : firstColumn(target, names)) });
  };
  const moveField = (by: number): void => {
    const at = rows.findIndex((other) => other.field === field);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next !== undefined && next.field !== field) moveTo(next.field, valueAt(next, column) === undefined ? undefined : column);
  };
  const moveColumn = (by: number): void => {
    if (row === undefined) return;
    let to = column;
    // Sides that hold nothing for this field are stepped over.
    for (let next = stepColumn(names, to, by); next !== to; next = stepColumn(names, to, by)) {
      to = next;
      if (valueAt(row, to) === undefined) continue;
      setPlace({ id: detail.id, field: row.field, column: to });
      return;
    }
  };
  /** After a decision about `done`: the next field that needs one, else the next record. */
  const goOn = (done: string | undefined): void => {
    const next = nextField(orderRows(detail.rows), done, (other) => other === done || isFieldDecided(other));
    if (detail.kind === 'fields' && next !== undefined) moveTo(next);
    else onAdvance();
  };
  const take = (target: ConflictField | undefined, from: string): void => {
    if (target === undefined || !decider.take(detail, target, from)) return;
    setPlace({ id: detail.id, field: target.field, column: from });
  };
  const takeNumber = (event: KeyboardEvent): void => {
    const number = Number(event.code.slice(-1));
    if (detail.kind === 'match') {
      if (number <= partners.length) setPicks({ id: detail.id, picked: togglePartner(partners, picked, number - 1) });
    } else if (detail.kind === 'presence') {
      if (number <= 2) decider.presence(detail, number === 1);
    } else take(row, names[number - 1] ?? '');
  };
  const takeSide = (event: KeyboardEvent): void => {
    const side = names[Number(event.code.slice(-1)) - 1];
    if (side === undefined || detail.kind !== 'fields') return;
    const many = decider.takeSide(detail, side);
    toast({
      message: many === 0 ? `${side} holds none of the contested fields.` : `${counted(many, 'field')} taken from ${side}.`,
      icon: 'check',
      action: undoAction(many > 0),
    });
  };
  const undo = (): void => {
    const step = decider.undo(
      isFieldDecided(field ?? '')
        ? { ids: [detail.id], fields: [field ?? ''] }
        : isWholeDecided && detail.kind !== 'fields'
          ? { ids: [detail.id], fields: [WHOLE] }
          : undefined,
    );
    if (step === undefined) {
      toast({ message: 'Nothing to undo: no decision was made here since the last run.', icon: 'info' });
      return;
    }
    const [id] = step.ids;
    const [back] = step.fields;
    if (id !== undefined && !step.ids.includes(detail.id)) onOpen(id);
    if (id !== undefined && back !== undefined && back !== WHOLE) {
      const at = step.ids.includes(detail.id) ? detail.id : id;
      setPlace({
        id: at,
        field: back,
        column:
          at === detail.id
            ? firstColumn(
                detail.rows.find((other) => other.field === back),
                names,
              )
            : (names[0] ?? 'base'),
      });
    }
    if (step.ids.length > 1) toast({ message: `${counted(step.ids.length, 'decision')} taken back.`, icon: 'undo' });
  };
  const undoAction = (isThere: boolean) => (isThere ? { label: 'Undo', keys: 'u', run: undo } : undefined);
  const apply = (target: ConflictField, from: string): void => {
    setConfirming(undefined);
    decider.alike(detail, target, from).then(
      (many) => {
        toast({
          message: `${counted(many, 'conflict')} decided: ${target.field} from ${from}.`,
          icon: 'check',
          tone: 'insync',
          action: undoAction(many > 0),
        });
        goOn(target.field);
      },
      (error: unknown) => {
        const problem = asProblem(error);
        toast({ message: `${problem.message} ${problem.remedy}`, icon: 'failed', tone: 'failed' });
      },
    );
  };
  const source = row === undefined ? undefined : (chosenFor(row)?.taken ?? (valueAt(row, column) === undefined ? undefined : column));
  const group = groups.find((one) => one.group === detail.group) ?? { group: detail.group, count: 0 };
  const many = row === undefined ? 0 : alikeCount(items, group, row.field, (item) => decider.isFieldDecided(item, row.field));
  const alike = (): void => {
    if (many === 0 || row === undefined || source === undefined || row.state !== 'contested' || detail.kind !== 'fields') return;
    if (many > 1) setConfirming({ row, column: source, many });
    else apply(row, source);
  };
  const together = (): void => {
    const refusal = togetherRefusal(picked);
    if (refusal !== undefined) {
      toast({ message: refusal, icon: 'info' });
      return;
    }
    decider.match(
      detail,
      partners.filter((_, index) => picked.has(index)).map(({ endpoint, key }) => ({ endpoint, key: [...key] })),
    );
    onAdvance();
  };
  const apart = (): void => {
    decider.match(detail, []);
    onAdvance();
  };
  const enter = (): void => {
    switch (detail.kind) {
      case 'fields':
        if (row === undefined || row.state !== 'contested' || chosenFor(row) !== undefined) goOn(field);
        else if (decider.take(detail, row, column)) goOn(row.field);
        return;
      case 'presence':
        if (isWholeDecided) onAdvance();
        return;
      case 'match':
        if (isWholeDecided) onAdvance();
        else together();
        return;
    }
  };
  const step = (by: number): void => {
    const next = stepItem(items, detail.id, by);
    if (next !== undefined && next.id !== detail.id) onOpen(next.id);
  };
  const edit = (): void => {
    if (row?.state === 'contested' && detail.kind === 'fields') setEditing(decisionKey(detail.id, row.field));
  };
  const isFields = detail.kind === 'fields';
  const digits = (isFields ? names : detail.kind === 'match' ? partners : [1, 2]).slice(0, 3).map((_, index) => String(index + 1));
  useKeys('Conflicts', [
    { keys: 'ArrowDown', label: 'field', shown: ['ArrowUp', 'ArrowDown'], hint: isFields, repeats: true, run: () => moveField(1) },
    { keys: 'ArrowUp', label: 'field above', repeats: true, run: () => moveField(-1) },
    { keys: 'ArrowLeft', label: 'cell', shown: ['ArrowLeft', 'ArrowRight'], repeats: true, run: () => moveColumn(-1) },
    { keys: 'ArrowRight', label: 'cell to the right', repeats: true, run: () => moveColumn(1) },
    {
      keys: '(Digit[1-9]|Numpad[1-9])',
      label: isFields ? 'take' : detail.kind === 'match' ? 'tick' : 'keep or delete',
      shown: digits,
      hint: true,
      run: takeNumber,
    },
    { keys: 'Shift+(Digit[1-9])', label: 'take the whole side', shown: ['Shift+1'], run: takeSide },
    { keys: 'b', label: 'base', hint: isFields, run: () => take(row, 'base') },
    { keys: 'e', label: 'edit', hint: isFields ? 'optional' : false, run: edit },
    { keys: 'Enter', label: 'decide, go on', run: enter },
    { keys: 'a', label: 'all alike', hint: isFields ? 'optional' : false, run: alike },
    ...(detail.kind === 'match' ? [{ keys: 'n', label: 'keep apart', hint: true, run: apart }] : []),
    { keys: ['u', '$mod+z'], label: 'undo', hint: 'optional' as const, run: undo },
    { keys: ['j', ']'], label: 'record', shown: ['j', 'k'], hint: 'optional' as const, repeats: true, run: () => step(1) },
    { keys: ['k', '['], label: 'record before', repeats: true, run: () => step(-1) },
  ]);

  const contested = detail.rows.filter((other) => other.state === 'contested');
  const doneCount = contested.filter((other) => chosenFor(other) !== undefined).length;
  const isLast = row === undefined || row.state !== 'contested' || chosenFor(row) !== undefined;
  return (
    <>
      <section className="pane" aria-label="Record">
        <RecordHead
          detail={detail}
          place={rank === undefined ? undefined : placeInGroup(groups, detail.group, rank)}
          contested={contested.length}
          decided={isFields ? doneCount : isWholeDecided ? 1 : 0}
          onStep={step}
        />
        {detail.kind === 'presence' ? (
          <PresenceView
            detail={detail}
            keep={keepShown(detail, whole)}
            refusal={whole?.state === 'moved' || whole?.state === 'refused' ? whole.why : undefined}
            onDecide={(keep) => decider.presence(detail, keep)}
          />
        ) : null}
        {detail.kind === 'match' ? (
          <MatchView
            ref={grid}
            label={detail.label}
            partners={partners}
            picked={picked}
            onToggle={(index) => setPicks({ id: detail.id, picked: togglePartner(partners, picked, index) })}
          />
        ) : (
          <CompareTable
            ref={grid}
            detail={detail}
            local={decider.local}
            cursor={cursor}
            open={open}
            editing={isEditing}
            onCursor={(next) => setPlace({ id: detail.id, ...next })}
            onTake={take}
            onFold={(state) =>
              setOpen((was) => {
                const next = new Set(was);
                if (!next.delete(state)) next.add(state);
                return next;
              })
            }
            onSave={async (target, value) => {
              const why = await decider.type(detail, target, value);
              if (why === undefined) {
                setEditing(undefined);
                goOn(target.field);
              }
              return why;
            }}
            onCancel={() => setEditing(undefined)}
          />
        )}
        <RecordActions
          kind={detail.kind}
          goesOn={isLast}
          isWholeDecided={isWholeDecided}
          picked={picked}
          many={many}
          alikeRefusal={
            source === undefined || row?.state !== 'contested'
              ? 'Choose a side of a contested field first.'
              : many === 0
                ? 'Every conflict alike is decided.'
                : undefined
          }
          alikeTitle={`${source ?? ''} for ${field ?? ''} in every conflict of “${detail.group}”`}
          onEnter={enter}
          onAlike={alike}
          onTogether={together}
          onApart={apart}
          onUndo={undo}
        />
      </section>
      <EvidencePanel detail={detail} row={row} fold={fold} />
      {confirming === undefined ? null : (
        <AlikeDialog
          many={confirming.many}
          field={confirming.row.field}
          column={confirming.column}
          group={detail.group}
          onConfirm={() => apply(confirming.row, confirming.column)}
          onClose={() => setConfirming(undefined)}
        />
      )}
    </>
  );
}
