// Whatever stands in the files: loading answers with a configuration or with issues that have a place, and never with anything else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../main/config/issue.ts';
import { explain } from '../../main/config/explain.ts';
import { normaliseSync } from '../../main/config/normalise.ts';
import { checkSync } from '../../main/config/check.ts';
import { findNotYet } from '../../main/config/not-yet.ts';
import { syncSchema } from '../../main/config/schema.ts';
import { parseSource } from '../../main/config/source.ts';
import { damaged } from './damaged.ts';
import { connectors } from './folder.ts';

describe('a damaged file', () => {
  it('is accepted as a whole or told with places inside the file', () => {
    fc.assert(
      fc.property(damaged, (broken) => {
        const { source, issues } = parseSource('syncs/customers.yaml', broken);
        const found = [...issues];
        if (issues.length === 0) {
          const { value, findings } = explain(syncSchema, source.data);
          found.push(...findNotYet('sync', source.data).map(source.locate), ...findings.map(source.locate));
          if (value !== undefined) found.push(...checkSync(normaliseSync('customers', value, {}), {}, connectors).map(source.locate));
          expect(value !== undefined || found.length > 0).toBe(true);
        }
        const lines = broken.split('\n').length;
        for (const issue of found) {
          expect(issue.message).not.toBe('');
          expect(issue.line).toBeGreaterThanOrEqual(1);
          expect(issue.line).toBeLessThanOrEqual(lines);
        }
        expect(new ConfigError(found).issues).toHaveLength(found.length);
      }),
      { numRuns: 1500 },
    );
  });

  it('that is valid stays the same when it is normalised again', () => {
    fc.assert(
      fc.property(damaged, (broken) => {
        const { source, issues } = parseSource('syncs/customers.yaml', broken);
        const { value } = issues.length > 0 ? { value: undefined } : explain(syncSchema, source.data);
        if (value === undefined) return;
        const once = normaliseSync('customers', value, {});
        const again = explain(syncSchema, JSON.parse(JSON.stringify(once)) as unknown);
        expect(again.findings).toEqual([]);
        expect(again.value && normaliseSync('customers', again.value, {})).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });
});
