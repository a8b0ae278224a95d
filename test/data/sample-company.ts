// The sample company: three places that know the same customers, with the configuration that keeps them the same.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sampleConfig } from './sample-config.ts';
import { ledgerFile, shopFile, writeSales } from './sample-files.ts';
import { threePlaces, type ThreePlaces } from './three-places.ts';

/** What `npm run build` puts into the application. */
export const sampleDefaults = { seed: 20_260_601, customers: 2000 } as const;

/** Writes `kanto.yaml`, `connections/`, `syncs/` and `data/` into a folder. The same seed gives the same bytes. */
export async function writeSampleCompany(
  folder: string,
  options: { readonly seed: number; readonly customers: number },
): Promise<ThreePlaces> {
  const places = threePlaces(options);
  for (const [name, text] of Object.entries(sampleConfig)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(folder, 'data/shop.csv'), shopFile(places.shop));
  await writeFile(join(folder, 'data/ledger.csv'), ledgerFile(places.ledger));
  await rm(join(folder, 'data/sales.sqlite'), { force: true });
  writeSales(join(folder, 'data/sales.sqlite'), places.sales);
  return places;
}
