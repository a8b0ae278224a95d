// Writes rows as the three systems of the sample keep them: a shop's CSV, a sales database, an accounting program's CSV.
import Database from 'better-sqlite3';
import { dateParts } from './people.ts';
import type { Ledger, Row, ThreePlaces } from './three-places.ts';

/** Quoted where the comma, the quote or the line end asks for it. */
const cell = (text: string, separator: string): string =>
  text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const line = (cells: readonly string[], separator: string): string => cells.map((text) => cell(text, separator)).join(separator);

export const shopHeader = [
  'id',
  'email',
  'first_and_last_name',
  'phone',
  'street',
  'postcode',
  'city',
  'customer_since',
  'balance',
  'status',
  'tags',
  'newsletter',
  'updated_at',
];

/** One line of the shop's file: UTF-8, comma, ISO dates, numbers with a point, ids with zeros in front. */
export function shopLine(row: Row): string {
  const cells = [
    String(row.key).padStart(5, '0'),
    row.email,
    `${row.given} ${row.family}`,
    row.phone,
    row.street,
    row.zip,
    row.city,
    dateParts(row.sinceDay).join('-'),
    (row.balance / 100).toFixed(2),
    row.status,
    row.tags.join(';'),
    row.newsletter ? 'yes' : 'no',
    new Date(row.changed).toISOString(),
  ];
  return line(cells, ',');
}

export function shopFile(rows: readonly Row[]): Buffer {
  return Buffer.from(`${[shopHeader.join(','), ...rows.map(shopLine)].join('\n')}\n`, 'utf8');
}

/** `-1234.5` as accounting prints it: `-1.234,50`. */
function germanNumber(cents: number): string {
  const whole = String(Math.trunc(Math.abs(cents) / 100)).replaceAll(/\B(?=(\d{3})+$)/g, '.');
  return `${cents < 0 ? '-' : ''}${whole},${String(Math.abs(cents) % 100).padStart(2, '0')}`;
}

/** The accounting file: Windows-1252, semicolon, CRLF, German column names, dates and numbers. */
export function ledgerFile(rows: readonly Ledger[]): Buffer {
  const header = ['Nr', 'Name', 'E-Mail', 'Telefon', 'Kunde seit', 'Saldo', 'Zahlungsziel'];
  const lines = rows.map((row) => {
    const since = row.badDate ?? [...dateParts(row.sinceDay)].reverse().join('.');
    return line(
      [
        String(row.key).padStart(7, '0'),
        `${row.given} ${row.family}`,
        row.email,
        row.phone,
        since,
        germanNumber(row.balance),
        row.balance > 500_000 ? '30' : '14',
      ],
      ';',
    );
  });
  // Every letter used here has the same byte in Latin-1 and in Windows-1252.
  return Buffer.from(`${[header.join(';'), ...lines].join('\r\n')}\r\n`, 'latin1');
}

const statusNumber = { active: 1, paused: 2, closed: 3 } as const;

/** A sales program keeps its times itself, so that what changes later carries its time too. */
const salesSchema = `
  CREATE TABLE customers (
    customer_id INTEGER PRIMARY KEY AUTOINCREMENT,
    mail TEXT NOT NULL,
    full_name VARCHAR(80) NOT NULL,
    phone_no TEXT,
    street TEXT,
    zip TEXT,
    town TEXT,
    joined TEXT,
    state INTEGER,
    labels TEXT,
    wants_mail INTEGER,
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
  );
  CREATE INDEX customers_updated_at ON customers (updated_at, customer_id);
  CREATE TRIGGER customers_touch AFTER UPDATE ON customers WHEN NEW.updated_at IS OLD.updated_at
  BEGIN
    UPDATE customers SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE customer_id = NEW.customer_id;
  END;
`;

/** The sales database: its own names, day before month, numbers for states, null apart from empty. */
export function writeSales(path: string, rows: Iterable<ThreePlaces['sales'][number]>): void {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = DELETE');
    db.exec(salesSchema);
    const insert = db.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    db.transaction(() => {
      for (const row of rows) {
        insert.run(
          row.key,
          row.email,
          `${row.given} ${row.family}`,
          row.phone,
          row.street,
          row.zip,
          row.city,
          [...dateParts(row.sinceDay)].reverse().join('/'),
          statusNumber[row.status],
          row.tags.toReversed().join(','),
          row.newsletter ? 1 : 0,
          new Date(row.changed).toISOString(),
        );
      }
    })();
  } finally {
    db.close();
  }
}
