// What the sample company brings: three places that hold the same customers in different ways.
import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { Value, ValueDiff } from '../../ui/value.tsx';

export function SampleParts(): ReactNode {
  return (
    <div className="sample">
      <div>
        <h2 className="row">
          <Icon name="file" small />
          Shop
        </h2>
        <p>A CSV file with semicolons, decimal commas and dates as text.</p>
        <Value value={'  Nordwind\u00a0GmbH'} />
      </div>
      <div>
        <h2 className="row">
          <Icon name="database" small />
          Sales
        </h2>
        <p>A SQLite table, edited by several people at once.</p>
        <span className="row">
          <ValueDiff before="417" after="00417" side="before" />
          <ValueDiff before="417" after="00417" side="after" />
        </span>
      </div>
      <div>
        <h2 className="row">
          <Icon name="file" small />
          Accounting
        </h2>
        <p>Another CSV file, with other column names and a duplicate.</p>
        <span className="row">
          <Value value={null} /> and <Value value="" />
        </span>
      </div>
    </div>
  );
}
