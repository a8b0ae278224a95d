// Difficult values through every pair of systems: each is kept, or changed or refused by name, and a further run finds nothing to do. The README of
// the connectors shows the outcome; KANTO_RENEW=1 writes it anew.
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPlace } from '../harness/workspace.ts';
import type { ProbePlace, ProbeSystem, Seen } from './systems.ts';
import { startSystems } from './systems.ts';
import { probes } from './values.ts';

const readme = new URL('../../connectors/README.md', import.meta.url);
const marks = { begin: '<!-- probes: begin -->', end: '<!-- probes: end -->' };

/** What became of a value. */
type Outcome = 'kept' | 'blank' | 'shortened' | 'left alone' | 'CHANGED';

let systems: readonly ProbeSystem[] = [];
beforeAll(async () => {
  systems = await startSystems();
});
afterAll(async () => {
  for (const system of systems) await system[Symbol.asyncDispose]();
});

function configurationFor(from: ProbePlace, to: ProbePlace) {
  const fields = Object.fromEntries(probes.map(({ field }) => [field, field]));
  return {
    connections: { from: from.connection, to: to.connection },
    syncs: {
      probe: {
        title: 'Probe',
        record: { fields: Object.fromEntries(probes.map(({ field, type }) => [field, { type }])) },
        match: ['zeros'],
        endpoints: { from: { connection: 'from', ...from.endpoint, fields }, to: { connection: 'to', ...to.endpoint, fields } },
      },
    },
  };
}

/** What was named besides: fields that are shown otherwise there, and fields that cannot be read or written there. */
interface Named {
  readonly shortened: readonly string[];
  readonly skipped: readonly string[];
}

function outcomeOf(field: string, before: Seen, after: Seen | undefined, { shortened, skipped }: Named): Outcome {
  const was = before[field] ?? null;
  const is = after?.[field] ?? null;
  if (was === is) return 'kept';
  if ((was ?? '') === '' && (is ?? '') === '') return 'blank';
  if (skipped.includes(field)) return 'left alone';
  return shortened.some((note) => note.includes(`${field} at to `)) ? 'shortened' : 'CHANGED';
}

/** One row of difficult values goes from one system to the other. */
async function carry(source: ProbeSystem, target: ProbeSystem): Promise<Readonly<Record<string, Outcome>>> {
  await using place = await createPlace({ connections: {}, syncs: {} }, {});
  const from = await source.place(place.folder, true);
  const to = await target.place(place.folder, false);
  const [before = {}] = await from.look();
  await place.configure(configurationFor(from, to));
  await place.run('probe');
  const [after] = await to.look();
  const again = await place.plan('probe');
  const { notes, equal } = await place.workspace.verify('probe');
  expect([again.operations, again.conflicts, equal], `${source.name} to ${target.name}, once more`).toEqual([[], [], true]);
  expect(await from.look(), `${source.name} itself`).toEqual([before]);
  const named = {
    shortened: notes.filter((note) => note.includes('shortened')),
    skipped: again.skipped.flatMap(({ endpoint, field }) => (endpoint === 'to' && field !== undefined ? [field] : [])),
  };
  return Object.fromEntries(probes.map(({ field }) => [field, outcomeOf(field, before, after, named)]));
}

function cellOf(outcomes: Readonly<Record<string, Outcome>>): string {
  const odd = Map.groupBy(
    probes.filter(({ field }) => outcomes[field] !== 'kept'),
    ({ field }) => outcomes[field],
  );
  if (odd.size === 0) return 'all kept';
  return [...odd].map(([outcome, of]) => `${of.map(({ shown }) => shown).join(', ')}: ${outcome}`).join('; ');
}

test('are kept, or changed by name, from each to each, and the README says so', { timeout: 240_000 }, async () => {
  const lines = [`| from \\ to | ${systems.map(({ name }) => name).join(' | ')} |`, `| --- |${' --- |'.repeat(systems.length)}`];
  const changed: string[] = [];
  for (const source of systems) {
    const cells: string[] = [];
    for (const target of systems) {
      const outcomes = await carry(source, target);
      cells.push(cellOf(outcomes));
      changed.push(
        ...Object.entries(outcomes).flatMap(([field, outcome]) =>
          outcome === 'CHANGED' ? [`${source.name}, ${target.name}: ${field}`] : [],
        ),
      );
    }
    lines.push(`| ${source.name} | ${cells.join(' | ')} |`);
  }
  expect(changed).toEqual([]);
  const text = await readFile(readme, 'utf8');
  const begin = text.indexOf(marks.begin) + marks.begin.length;
  const end = text.indexOf(marks.end);
  const table = `\n${lines.join('\n')}\n`;
  if (process.env['KANTO_RENEW'] === '1') await writeFile(readme, text.slice(0, begin) + table + text.slice(end));
  else expect(text.slice(begin, end), 'KANTO_RENEW=1 renews it').toBe(table);
});
