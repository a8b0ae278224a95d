// Plants one bug while the sources are loaded, lives some histories, and says which law was broken first, with the shortest steps where
// KANTO_SHRINK is 1. Started as a process of its own.
import { registerHooks } from 'node:module';
import { mutations } from './mutations.ts';

const [name, ...histories] = process.argv.slice(2);
const planted = mutations.find((mutation) => mutation.name === name);

if (planted !== undefined) {
  const root = new URL('../../../', import.meta.url);
  const files = new Map(Object.entries(planted.files).map(([file, edits]) => [new URL(file, root).href, edits]));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const edits = files.get(url);
      if (edits === undefined) return loaded;
      let source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source ?? undefined);
      for (const [text, replacement] of edits) {
        if (source.split(text).length !== 2) throw new Error(`${url} does not hold exactly once: ${text}`);
        source = source.replace(text, () => replacement);
      }
      return { ...loaded, source };
    },
  });
}

const { liveSeed, shortest } = await import('../live-seed.ts');
const { remembered, replay } = await import('../remembered.ts');
const hasLogs = planted?.hasLogs === true;
let said: { readonly history?: string; readonly message?: string; readonly steps?: readonly string[] } = {};
for (const history of histories) {
  const known = remembered.find((one) => one.name === history);
  const lived = known === undefined ? await liveSeed(Number(history), hasLogs) : await replay(known);
  if (lived.broken === undefined) continue;
  const short = process.env['KANTO_SHRINK'] === '1' ? await shortest(lived, hasLogs) : lived;
  said = { history, message: lived.broken.message.split('\n')[0] ?? '', steps: short.said.map(({ step }) => step) };
  break;
}
process.stdout.write(JSON.stringify(said));
