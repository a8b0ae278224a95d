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
        <p>shop.csv, about 2,000 rows. Zeros that lead, one customer twice.</p>
        <Value value="00417" />
      </div>
      <div>
        <h2 className="row">
          <Icon name="database" small />
          Sales
        </h2>
        <p>sales.sqlite. Dates as text, typing errors, people who moved.</p>
        <span className="row">
          <ValueDiff before="Dofrsteig 71" after="Dorfsteig 71" side="before" />
          <ValueDiff before="Dofrsteig 71" after="Dorfsteig 71" side="after" />
        </span>
      </div>
      <div>
        <h2 className="row">
          <Icon name="file" small />
          Accounting
        </h2>
        <p>ledger.csv with German columns, in another encoding; one date that is none.</p>
        <Value value="31.02.2020" />
      </div>
    </div>
  );
}
