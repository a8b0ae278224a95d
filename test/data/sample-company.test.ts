// The sample company: the same bytes for a seed, three places that really differ in the ways promised, and a configuration that holds.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installSample } from '../../main/config/sample.ts';
import { loadFolder } from '../../main/config/load.ts';
import { runExamples } from '../../main/config/tests.ts';
import { connectors } from '../config/folder.ts';
import { sampleDefaults, writeSampleCompany } from './sample-company.ts';
import { writeScaled } from './scaled.ts';

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-sample-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

const column = (text: string, separator: string, index: number) =>
  text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split(separator)[index] ?? '');
const twice = (list: readonly string[]) => [...new Set(list.filter((item, index) => list.indexOf(item) !== index))];

describe('the sample company', () => {
  it('has the same bytes for a seed, and others for another', async () => {
    const [a, b, c] = [temporary(), temporary(), temporary()];
    await writeSampleCompany(a, { seed: 7, customers: 300 });
    await writeSampleCompany(b, { seed: 7, customers: 300 });
    await writeSampleCompany(c, { seed: 8, customers: 300 });
    expect(digests(a)).toEqual(digests(b));
    expect(digests(a)['/data/shop.csv']).not.toBe(digests(c)['/data/shop.csv']);
  });

  it('is a valid configuration whose examples hold', async () => {
    const folder = temporary();
    await writeSampleCompany(folder, sampleDefaults);
    const { syncs } = await loadFolder(folder, connectors);
    expect(syncs.customers && runExamples(syncs.customers, (endpoint) => endpoint !== 'sales')).toEqual([]);
  });

  it('knows the same people in three notations, with the mistakes that real data has', async () => {
    const folder = temporary();
    const { known } = await writeSampleCompany(folder, sampleDefaults);
    const shop = readFileSync(join(folder, 'data/shop.csv'), 'utf8');
    const ledger = readFileSync(join(folder, 'data/ledger.csv'), 'latin1');
    const db = new Database(join(folder, 'data/sales.sqlite'), { readonly: true });
    onTestFinished(() => void db.close());
    const shopMails = column(shop, ',', 1);
    const ledgerMails = column(ledger, ';', 2);
    const sales = db.prepare<[], { mail: string; phone_no: string | null; joined: string; zip: string }>('SELECT * FROM customers').all();

    expect(shopMails.length).toBeGreaterThan(1950);
    expect(shopMails.length).toBeLessThan(2050);
    expect(twice(shopMails)).toEqual([known.twice]);
    expect(twice(ledgerMails)).toEqual([]);
    expect(twice(sales.map((row) => row.mail.trim().toLowerCase()))).toEqual([]);
    expect(known.contested.length).toBeGreaterThanOrEqual(3);
    expect(known.contested.length).toBeLessThanOrEqual(8);
    for (const mail of known.onlyLedger) expect([shopMails.includes(mail), ledgerMails.includes(mail)]).toEqual([false, true]);
    for (const mail of known.onlyShop) expect([shopMails.includes(mail), ledgerMails.includes(mail)]).toEqual([true, false]);
    expect(column(ledger, ';', 4).filter((date) => date === '31.02.2020')).toHaveLength(1);
    expect(column(shop, ',', 0).every((id) => /^\d{5}$/.test(id))).toBe(true);
    expect(sales.some((row) => row.phone_no === null) && sales.some((row) => row.phone_no === '')).toBe(true);
    expect(sales.some((row) => row.zip.startsWith('0'))).toBe(true);
    expect(sales.every((row) => /^\d\d\/\d\d\/\d{4}$/.test(row.joined))).toBe(true);
    expect(ledger).toContain('ü');
    expect(ledger).toMatch(/;-?\d{1,3}\.\d{3},\d\d;/);
  });

  it('lets the sales database keep the time of later changes', async () => {
    const folder = temporary();
    await writeSampleCompany(folder, { seed: 1, customers: 100 });
    const db = new Database(join(folder, 'data/sales.sqlite'));
    onTestFinished(() => void db.close());
    const time = db.prepare<[], string>('SELECT updated_at FROM customers WHERE customer_id = 3').pluck();
    const before = time.get() ?? '';
    db.exec("UPDATE customers SET town = 'Elsewhere' WHERE customer_id = 3");
    expect((time.get() ?? '') > before).toBe(true);
  });
});

describe('installing the sample', () => {
  it('copies it into the workspace and never touches what a person did there', async () => {
    const [sample, workspace] = [temporary(), temporary()];
    await writeSampleCompany(sample, { seed: 1, customers: 80 });
    const folder = await installSample(sample, workspace);
    expect(digests(folder)).toEqual(digests(sample));
    rmSync(join(folder, 'data/shop.csv'));
    expect(await installSample(sample, workspace)).toBe(folder);
    expect(readdirSync(join(folder, 'data'))).toEqual(['ledger.csv', 'sales.sqlite']);
  });

  it('says so when the installation has none', async () => {
    await expect(installSample(join(temporary(), 'nowhere'), temporary())).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('scaled places', () => {
  it('hold the same customers, are valid and come out the same', async () => {
    const [a, b] = [temporary(), temporary()];
    await writeScaled(a, { rows: 5000, seed: 2 });
    await writeScaled(b, { rows: 5000, seed: 2 });
    expect(digests(a)).toEqual(digests(b));
    const { syncs } = await loadFolder(a, connectors);
    expect(syncs.customers && runExamples(syncs.customers, (endpoint) => endpoint !== 'sales')).toEqual([]);
    const db = new Database(join(a, 'data/sales.sqlite'), { readonly: true });
    onTestFinished(() => void db.close());
    const mails = column(readFileSync(join(a, 'data/shop.csv'), 'utf8'), ',', 1);
    expect(new Set(mails).size).toBe(5000);
    expect(db.prepare<[], string>('SELECT mail FROM customers ORDER BY customer_id').pluck().all()).toEqual(mails);
  });
});
