// Excel workbooks keep the contract of connectors.
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import { excelConnector } from '../../connectors/excel/connector.ts';
import { excelFixture } from './excel-fixture.ts';

describeConnector('excel', excelConnector, excelFixture);
