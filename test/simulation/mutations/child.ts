// Plants one bug while the sources are loaded, lives some histories, and says which law was broken first. Started as a process of its own.
import { registerHooks } from 'node:module';
import { mutations } from './mutations.ts';

const [name, ...seeds] = process.argv.slice(2);
const planted = mutations.find((mutation) => mutation.name === name);

if (planted !== undefined) {
  const target = new URL(`../../../${planted.file}`, import.meta.url).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      let source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source ?? undefined);
      for (const [text, replacement] of planted.edits) {
        if (source.split(text).length !== 2) throw new Error(`${planted.file} does not hold exactly once: ${text}`);
        source = source.replace(text, () => replacement);
      }
      return { ...loaded, source };
    },
  });
}

const { liveSeed } = await import('../live-seed.ts');
let said: { readonly seed?: number; readonly message?: string } = {};
for (const seed of seeds.map(Number)) {
  const { broken } = await liveSeed(seed);
  if (broken === undefined) continue;
  said = { seed, message: broken.message.split('\n')[0] ?? '' };
  break;
}
process.stdout.write(JSON.stringify(said));
