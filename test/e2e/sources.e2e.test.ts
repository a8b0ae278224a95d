// A place that is not as it should be: the window and the command say what happened, to what and what to do, and no data is touched.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopColumns, shopFile } from '../harness/two-places.ts';
import { type Place, withPlace } from './place.ts';
import { button, notice, runToEnd, sees } from './screens.ts';
import { mayMount } from '../harness/mounts.ts';

interface Fault {
  readonly name: string;
  readonly spoil: (place: Place) => void;
  /** Takes away what `spoil` left beside the file. */
  readonly mend?: (place: Place) => void;
  readonly says: readonly RegExp[];
  readonly todo: RegExp;
}

const lock = '.~lock.shop.csv#';

const faults: readonly Fault[] = [
  {
    name: 'an empty file',
    spoil: (place) => place.write('shop.csv', ''),
    says: [/shop\.csv is empty/],
    todo: /restore|put .* back/i,
  },
  {
    name: 'a missing file',
    spoil: (place) => rmSync(place.path('shop.csv')),
    says: [/There is no file .*shop\.csv/],
    todo: /Check the path of the connection, or put the file back/,
  },
  {
    name: 'a file that another program has locked',
    spoil: (place) => place.write(lock, ',somebody,elsewhere,;'),
    mend: (place) => rmSync(place.path(lock)),
    says: [/shop\.csv is locked/, /open in a spreadsheet program/],
    todo: /Close the file in the other program, then run again/,
  },
  {
    name: 'a changed header',
    spoil: (place) => place.write('shop.csv', shopFile.replace('mail', 'E-Mail')),
    says: [/shop/, /has no column "mail" \(nearest: "E-Mail"\)/],
    todo: /Name the column as it is called now in the sync, or put the old name back/,
  },
  {
    name: 'a key column that is gone',
    spoil: (place) => place.write('shop.csv', shopFile.replaceAll(/^[^,\n]*,/gm, '')),
    says: [/shop/, /has no column "id"/],
    todo: /Name the column as it is called now in the sync, or put the old name back/,
  },
];

const ledgerRows = (place: Place) => place.rows('ledger.db', 'SELECT * FROM people ORDER BY nr');

describe('a place that is not as it should be', () => {
  it.each(faults)('$name', ({ spoil, mend, says, todo }) =>
    withPlace(customers(), async (place) => {
      place.write('shop.csv', shopFile);
      place.sql('ledger.db', ledgerTable);
      await place.open(async ({ window }) => {
        expect(await runToEnd(window)).toBe('Complete');
        expect(ledgerRows(place)).toHaveLength(3);

        // Somebody works on at the ledger while the shop's file goes wrong.
        place.sql('ledger.db', "UPDATE people SET town = 'Turin' WHERE email = 'bob@example.org'");
        const before = ledgerRows(place);
        spoil(place);
        const spoiled = contentOf(place);
        expect(await runToEnd(window)).toBe('Failed');
        const said = await notice(window);
        for (const words of says) expect(said).toMatch(words);
        expect(said).toMatch(todo);
        expect(contentOf(place)).toBe(spoiled);
        expect(ledgerRows(place)).toEqual(before);

        // Mended, the next run does all that waited.
        mend?.(place);
        place.write('shop.csv', shopFile);
        expect(await runToEnd(window)).toBe('Complete');
        expect(place.read('shop.csv')).toBe(shopFile.replace('Rome', 'Turin'));
        expect(ledgerRows(place)).toEqual(before);
      });

      // The command line says the same.
      place.sql('ledger.db', "UPDATE people SET town = 'Trent' WHERE email = 'bob@example.org'");
      const before = ledgerRows(place);
      spoil(place);
      const spoiled = contentOf(place);
      const said = await place.kanto('run', 'customers');
      for (const words of says) expect(said.stderr).toMatch(words);
      expect(said.stderr).toMatch(/ {2}do: /);
      expect(said.stderr).toMatch(todo);
      expect(said.exit).toBe(4);
      expect(contentOf(place)).toBe(spoiled);
      expect(ledgerRows(place)).toEqual(before);
    }),
  );
});

describe('a key that is none', () => {
  const wrong = [
    {
      name: 'stands twice',
      row: '2,dora@example.org,Dora,Bonn,1.00',
      says: /id is no key of shop: several rows have the key 2\. Nothing was written/,
    },
    { name: 'is empty', row: ',dora@example.org,Dora,Bonn,1.00', says: /id is no key of shop: .*empty key.* Nothing was written/ },
  ];
  const todo = /Name a column of shop that is filled and different in every row, or mend those rows/;

  it.each(wrong)('because it $name: the first run stops, and is whole once the row is mended', ({ row, says }) =>
    withPlace(customers(), async (place) => {
      const spoiled = `${shopFile}${row}\n`;
      place.write('shop.csv', spoiled);
      place.sql('ledger.db', ledgerTable);
      await place.open(async ({ window }) => {
        expect(await runToEnd(window)).toBe('Failed');
        const said = await notice(window);
        expect(said).toMatch(says);
        expect(said).toMatch(todo);
      });
      const said = await place.kanto('run', 'customers');
      expect(said.stderr).toMatch(says);
      expect(said.stderr).toMatch(todo);
      expect(said.exit).toBe(4);
      expect(place.read('shop.csv')).toBe(spoiled);
      expect(ledgerRows(place)).toEqual([]);

      place.write('shop.csv', `${shopFile}4,dora@example.org,Dora,Bonn,1.00\n`);
      await place.open(async ({ window }) => expect(await runToEnd(window)).toBe('Complete'));
      expect(ledgerRows(place)).toHaveLength(4);
    }),
  );

  it('in single rows later: they are named and left alone, everything else goes on', () =>
    withPlace(customers(), async (place) => {
      place.write('shop.csv', shopFile);
      place.sql('ledger.db', ledgerTable);
      await place.open(async ({ window }) => {
        expect(await runToEnd(window)).toBe('Complete');
        place.write('shop.csv', `${shopFile.replace('Kyiv', 'Lviv')}2,dora@example.org,Dora,Bonn,1.00\n`);
        expect(await runToEnd(window)).toBe('Partial');
        await button(window, /^Skipped/).click();
        await sees(window, /key 2/);
        expect(place.rows('ledger.db', 'SELECT town FROM people ORDER BY nr')).toEqual([
          { town: 'Oslo' },
          { town: 'Rome' },
          { town: 'Lviv' },
        ]);
        place.write('shop.csv', `${shopFile.replace('Kyiv', 'Lviv')}4,dora@example.org,Dora,Bonn,1.00\n`);
        expect(await runToEnd(window)).toBe('Complete');
        expect(ledgerRows(place)).toHaveLength(4);
      });
    }));
});

/** The file as it lies there, if it does. */
function contentOf(place: Place): string {
  try {
    return place.read('shop.csv');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

describe.runIf(mayMount)('a full disk', () => {
  it('leaves the file as it was, says so, and the run after making room is complete', () => {
    const rows = Array.from({ length: 9000 }, (_, index) => `${index + 1},p${index + 1}@example.org,Person ${index + 1},Rome,1.00`);
    const file = `${shopColumns}\n${rows.join('\n')}\n`;
    const configuration = customers({ limits: { updates: { count: 20_000, share: 1 } } });
    return withPlace(
      { ...configuration, connections: { ...configuration.connections, shop: { connector: 'csv', config: { path: 'small/shop.csv' } } } },
      async (place) => {
        const small = place.path('small');
        mkdirSync(small);
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=640k', 'tmpfs', small]);
        try {
          place.write('small/shop.csv', file);
          place.sql('ledger.db', ledgerTable);
          await place.open(async ({ window }) => {
            expect(await runToEnd(window)).toBe('Complete');
            place.sql('ledger.db', "UPDATE people SET town = 'Turin' WHERE email = 'p7@example.org'");
            expect(await runToEnd(window)).toBe('Failed');
            const said = await notice(window);
            expect(said).toMatch(/There is no room left to write .*small\/shop\.csv; it was not changed/);
            expect(said).toMatch(/Free space on that disk and run again/);
            expect(place.read('small/shop.csv')).toBe(file);
          });
          const said = await place.kanto('run', 'customers');
          expect(said.stderr).toMatch(/There is no room left to write .*small\/shop\.csv; it was not changed/);
          expect(said.stderr).toMatch(/do: Free space on that disk and run again/);
          expect(said.exit).toBe(1);
          expect(place.read('small/shop.csv')).toBe(file);

          execFileSync('mount', ['-o', 'remount,size=4m', small]);
          await place.open(async ({ window }) => expect(await runToEnd(window)).toBe('Complete'));
          expect(place.read('small/shop.csv')).toBe(file.replace('7,p7@example.org,Person 7,Rome', '7,p7@example.org,Person 7,Turin'));
        } finally {
          execFileSync('umount', [small]);
        }
      },
    );
  });
});
