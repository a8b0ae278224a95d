// A newcomer goes from the first start to a finished run, two decided conflicts and a look at the history, guided by the window alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { withApplication } from './application.ts';
import { clickPlace } from './screens.ts';

interface Customer {
  readonly full_name: string;
  readonly phone_no: string;
}

function salesRow(workspace: string, mail: string): Customer | undefined {
  const db = new Database(join(workspace, 'sample/data/sales.sqlite'), { readonly: true });
  const row = db.prepare<[string], Customer>('SELECT full_name, phone_no FROM customers WHERE lower(trim(mail)) = ?').get(mail);
  db.close();
  return row;
}

function ledgerLine(workspace: string, mail: string): string | undefined {
  const text = new TextDecoder('windows-1252').decode(readFileSync(join(workspace, 'sample/data/ledger.csv')));
  return text.split('\r\n').find((line) => line.toLowerCase().includes(mail));
}

describe('a newcomer', () => {
  it('runs the sample, decides two conflicts and looks at the history', () =>
    withApplication({ size: { width: 1440, height: 900 } }, async ({ window, workspace }) => {
      const button = (name: RegExp) => window.getByRole('button', { name }).first();

      // The first choice is focused: Enter opens the sample.
      await window.getByText('Try the sample').waitFor();
      await window.keyboard.press('Enter');
      await window.getByLabel('Passphrase', { exact: true }).fill('a newcomer chose this');
      await window.getByLabel('The same again').fill('a newcomer chose this');
      await window.keyboard.press('Enter');

      // The sync is shown; its plan is previewed before anything is written.
      await button(/^Preview/).click({ timeout: 30_000 });
      await button(/^Approve \d+ operations/).waitFor({ timeout: 30_000 });
      const untouched = readFileSync(join(workspace, 'sample/data/ledger.csv'));
      await button(/^Approve \d+ operations/).click();

      // The run ends and says what needs a person.
      await button(/^Review \d+ conflicts/).click({ timeout: 60_000 });
      expect(readFileSync(join(workspace, 'sample/data/ledger.csv')).equals(untouched)).toBe(false);

      // Two conflicts are decided with the keyboard: the shop's name, then the ledger's.
      await window.getByText('baerbel.gruenstaetter@brieftaube.example').first().click();
      await window.getByRole('heading', { name: 'baerbel.gruenstaetter@brieftaube.example' }).waitFor();
      await window.keyboard.press('1');
      await window.keyboard.press('Enter');
      await window.getByRole('heading', { name: 'soenke.finkenfeld@example.net' }).waitFor();
      await window.keyboard.press('3');
      await window.keyboard.press('Enter');
      await window.getByText('Today 2 decided').waitFor();

      // A run writes the decisions.
      await clickPlace(window, 'Syncs');
      await window.getByText('Customers', { exact: true }).first().dblclick();
      await button(/^Run/).click();
      await window.getByText(/Run 2/).first().waitFor({ timeout: 60_000 });
      await window.getByText('Complete', { exact: true }).first().waitFor({ timeout: 60_000 });

      // The history knows both runs.
      await clickPlace(window, 'Runs');
      await window.getByText('265 created').first().waitFor();
      await window.getByText('3 updated').first().waitFor();

      // The screen has the keys, not the link that led to it.
      await window.keyboard.press('Enter');
      await window.getByRole('button', { name: /Undo run/ }).waitFor();

      // And the files hold what was decided.
      const first = 'baerbel.gruenstaetter@brieftaube.example';
      expect(salesRow(workspace, first)?.full_name).toBe('Bärbel Grünstätter');
      expect(ledgerLine(workspace, first)).toContain('Bärbel Grünstätter');
      const second = 'soenke.finkenfeld@example.net';
      expect(salesRow(workspace, second)?.full_name).toBe('Sönke Tannenröder');
      expect(ledgerLine(workspace, second)).toContain('Sönke Tannenröder');
      expect(readFileSync(join(workspace, 'sample/data/shop.csv'), 'utf8')).toContain('Sönke Tannenröder');
    }));
});
