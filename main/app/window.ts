// The one window: its size and place, its frame, and what happens when its page dies.
import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, screen, type TitleBarOverlayOptions } from 'electron';
import { pageUrl } from './security.ts';
import type { Settings, SettingsFile } from './settings.ts';

/** The design's top bar, in pixels. */
const topBarHeight = 40;
const smallest = { width: 720, height: 480 } as const;
const usual = { width: 1440, height: 900 } as const;

/** `--surface`, `--surface-chrome` and `--text-2` of the design's tokens, which the system's own parts of the frame must match. */
const colours = {
  light: { surface: '#ffffff', chrome: '#f3f3f5', symbols: '#50525b' },
  dark: { surface: '#17181b', chrome: '#111214', symbols: '#b0b3bb' },
} as const;

/** A page that dies so often within a minute is not loaded again. */
const maxReloads = 3;
const reloadWindowMs = 60_000;

export interface WindowOptions {
  readonly preload: string;
  readonly settings: SettingsFile;
  readonly devServer: string | undefined;
  readonly devTools: boolean;
  readonly now: () => number;
}

/** Opens the window and loads its page. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...place(options.settings.get()),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'KantoSynchro',
    backgroundColor: palette().surface,
    autoHideMenuBar: true,
    ...frame(),
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: options.devTools,
    },
  });
  window.once('ready-to-show', () => {
    if (options.settings.get().maximized) window.maximize();
    window.show();
  });
  rememberPlace(window, options.settings);
  followTheme(window);
  reloadAfterCrash(window, options.now);
  void window.loadURL(options.devServer === undefined ? pageUrl : `${options.devServer}/index.html`);
  return window;
}

/** Brings the window to the front. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function palette(): (typeof colours)['light' | 'dark'] {
  return nativeTheme.shouldUseDarkColors ? colours.dark : colours.light;
}

/** The design's top bar is the title bar where the system draws its buttons into it; Linux desktops keep their own frame. */
function frame(): BrowserWindowConstructorOptions {
  switch (process.platform) {
    case 'darwin':
      return { titleBarStyle: 'hidden', trafficLightPosition: { x: 12, y: 12 } };
    case 'win32':
      return { titleBarStyle: 'hidden', titleBarOverlay: overlay() };
    default:
      return {};
  }
}

function overlay(): TitleBarOverlayOptions {
  const { chrome, symbols } = palette();
  // One pixel of the bar is its lower border.
  return { color: chrome, symbolColor: symbols, height: topBarHeight - 1 };
}

/** The remembered place, when a screen still shows it; else the usual size, no larger than the screen. */
function place(settings: Settings): { width: number; height: number; x?: number; y?: number } {
  const { bounds } = settings;
  if (bounds !== undefined) {
    const { workArea } = screen.getDisplayMatching(bounds);
    const isVisible =
      bounds.x < workArea.x + workArea.width - 80 &&
      bounds.x + bounds.width > workArea.x + 80 &&
      bounds.y >= workArea.y - 8 &&
      bounds.y < workArea.y + workArea.height - topBarHeight;
    if (isVisible) return bounds;
  }
  const { workAreaSize } = screen.getPrimaryDisplay();
  return { width: Math.min(usual.width, workAreaSize.width), height: Math.min(usual.height, workAreaSize.height) };
}

function rememberPlace(window: BrowserWindow, settings: SettingsFile): void {
  window.on('close', () => settings.change({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
}

function followTheme(window: BrowserWindow): void {
  const follow = () => {
    window.setBackgroundColor(palette().surface);
    if (process.platform === 'win32') window.setTitleBarOverlay(overlay());
  };
  nativeTheme.on('updated', follow);
  window.once('closed', () => nativeTheme.off('updated', follow));
}

function reloadAfterCrash(window: BrowserWindow, now: () => number): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    crashes = [...crashes.filter((crash) => now() - crash < reloadWindowMs), now()];
    if (crashes.length <= maxReloads) window.webContents.reload();
  });
}
