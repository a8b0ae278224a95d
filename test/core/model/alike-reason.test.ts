// Errors that one remedy would mend have the same reason, others have not.
import { describe, expect, it } from 'vitest';
import { alikeReason } from '../../../main/core/model/alike-reason.ts';

describe('the reason of an error', () => {
  it('leaves out what belongs to the single record', () => {
    const first = alikeReason('constraint', 'shop: row 12 refused: name "Ann" is longer than 12.');
    expect(first).toBe(alikeReason('constraint', 'shop: row 13 refused: name "Bob, Jr." is longer than 12.'));
  });

  it('leaves out where it happened', () => {
    const reason = alikeReason(
      'constraint',
      'ledger: Table people of /home/ann/ledger.db, key 2 refused the row: CHECK constraint failed: length(name) <= 12.',
    );
    expect(reason).toBe('CHECK constraint failed: length(name) <= …');
  });

  it('tells other causes apart', () => {
    const reasons = [
      'NOT NULL constraint failed: people.email',
      'UNIQUE constraint failed: people.email',
      'NOT NULL constraint failed: people.name',
    ];
    expect(new Set(reasons.map((reason) => alikeReason('constraint', reason))).size).toBe(3);
    expect(alikeReason('constraint', 'no')).not.toBe(alikeReason('too-large', 'no'));
  });
});
