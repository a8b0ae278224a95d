// CSV files keep the contract of connectors.
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { csvFixture } from './csv-fixture.ts';

describeConnector('csv', csvConnector, csvFixture);

describeConnector(
  'csv that is only added to',
  { ...csvConnector, capabilities: capabilitiesOf(csvConnector, { path: 'people.csv', mode: 'append' }) },
  {
    ...csvFixture,
    async create(folder, rows) {
      const place = await csvFixture.create(folder, rows);
      return { ...place, config: { ...place.config, mode: 'append' as const } };
    },
  },
);
