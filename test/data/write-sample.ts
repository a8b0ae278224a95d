// Writes the sample company: `node test/data/write-sample.ts FOLDER [SEED] [CUSTOMERS]`.
import { sampleDefaults, writeSampleCompany } from './sample-company.ts';

const [folder, seed = String(sampleDefaults.seed), customers = String(sampleDefaults.customers)] = process.argv.slice(2);
if (folder === undefined || !/^\d+$/.test(seed) || !/^\d+$/.test(customers)) {
  process.stderr.write('Usage: node test/data/write-sample.ts FOLDER [SEED] [CUSTOMERS]\n');
  process.exitCode = 2;
} else {
  const { shop, sales, ledger } = await writeSampleCompany(folder, { seed: Number(seed), customers: Number(customers) });
  process.stdout.write(
    `Sample company with seed ${seed} in ${folder}: ${shop.length} in shop, ${sales.length} in sales, ${ledger.length} in ledger\n`,
  );
}
