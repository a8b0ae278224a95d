// What the window does before it shows anything: it follows the streams and asks ahead what the first screen will ask.
import type { CallInput, CallName, TopicName } from '../preload/contract/index.ts';
import { ask } from './api.ts';
import { overviewQuestion } from './features/overview/question.ts';
import { createWindowStore, questionKey, versionOf } from './state.ts';
import type { WindowStore } from './state.ts';

/** So long the first frame waits for its data; then it is shown without them. */
const patienceMs = 100;

/** Follows the streams for as long as the window lives. Resolves when the first frame has what it can show, or has waited enough. */
export async function begin(): Promise<WindowStore> {
  const store = createWindowStore();
  const isShowable = new Promise<void>((done) => {
    let stops: readonly (() => void)[] = [];
    follow(store, 'shell');
    store.subscribe(({ topics: { shell } }, { topics: { shell: before } }) => {
      if (shell === before) return;
      if (shell?.workspace === 'open' && before?.workspace !== 'open') {
        // The streams of the engine are followed anew each time a workspace opens.
        store.setState((was) => ({ opened: was.opened + 1 }));
        stops = [follow(store, 'changes'), follow(store, 'progress'), follow(store, 'simulation')];
        void askAhead(store).finally(done);
      } else if (shell?.workspace !== 'open') {
        for (const stop of stops) stop();
        stops = [];
        if (shell?.workspace !== 'starting') done();
      }
    });
  });
  await Promise.race([isShowable, new Promise((done) => setTimeout(done, patienceMs))]);
  return store;
}

function follow<Name extends TopicName>(store: WindowStore, name: Name): () => void {
  return window.kanto.subscribe(name, (message) => store.setState((was) => ({ topics: { ...was.topics, [name]: message } })));
}

async function askAhead(store: WindowStore): Promise<void> {
  const asked: Promise<readonly [string, unknown]>[] = [askOne('workspace.info', {})];
  if (/^#?\/?$/.test(window.location.hash)) asked.push(askOne('overview.get', overviewQuestion('')));
  const settled = await Promise.allSettled(asked);
  // A refused question is asked again by its screen, which shows why.
  const answers = new Map(settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
  store.setState((was) => ({ ahead: { version: versionOf(was), answers } }));
}

async function askOne<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<readonly [string, unknown]> {
  return [questionKey(name, input), await ask(name, input)];
}
