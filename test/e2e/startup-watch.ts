// Runs inside Electron's main process, around an application that is measured: says when its page was painted and that it answers a key.
// The tests write it into the measured folders as it stands here, so it uses nothing from outside.

/** The parts of Electron that are used here. */
interface ElectronParts {
  readonly app: {
    on(event: 'browser-window-created', listener: (event: unknown, window: WindowParts) => void): void;
    quit(): void;
  };
}

interface WindowParts {
  readonly webContents: {
    once(event: 'dom-ready', listener: () => void): void;
    executeJavaScript(code: string): Promise<unknown>;
    sendInputEvent(event: { readonly type: 'keyDown' | 'char' | 'keyUp'; readonly keyCode: string }): void;
  };
}

/** Prints one line of JSON when it knows, then ends the application. `mark` names the element; `key` opens a dialog. */
export function watchStart({ app }: ElectronParts, mark: string, key: string | undefined): void {
  const painted = `new Promise((done) => new PerformanceObserver((list) => {
    const found = list.getEntries().find((entry) => entry.identifier === ${JSON.stringify(mark)});
    if (found !== undefined) done({ painted: performance.timeOrigin + found.renderTime, first: performance.timeOrigin + performance.getEntriesByName('first-paint')[0].startTime });
  }).observe({ type: 'element', buffered: true }))`;
  const opened = `new Promise((done) => {
    const look = () => document.querySelector('dialog[open]') === null ? requestAnimationFrame(look) : done();
    look();
  })`;
  app.on('browser-window-created', (_event, window) => {
    const { webContents } = window;
    const measure = async (): Promise<void> => {
      const times = await webContents.executeJavaScript(painted);
      if (key !== undefined) {
        for (const type of ['keyDown', 'char', 'keyUp'] as const) webContents.sendInputEvent({ type, keyCode: key });
        await webContents.executeJavaScript(opened);
      }
      process.stdout.write(`start ${JSON.stringify(times)}\n`);
      app.quit();
    };
    webContents.once('dom-ready', () => {
      measure().catch((error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        app.quit();
      });
    });
  });
}
