// Keeps the window to our own pages: one protocol, a strict policy, no navigation, no new windows, no permissions, no network.
import { readFile } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';
import {
  type App,
  type Event,
  type ProtocolResponse,
  protocol,
  type Session,
  type WebContents,
  type WebContentsWillFrameNavigateEventParams,
} from 'electron';

/** Where the window's page is. */
export const pageUrl = 'kanto://app/index.html';
const origin = 'kanto://app/';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // Components place themselves with style elements; styles reach nothing outside, as nothing can be loaded.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
  '.json': 'application/json',
};

/** Before Electron is ready: our protocol is a proper origin, and every window is sandboxed. */
export function prepareSecurity(app: App, devServer: string | undefined): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'kanto', privileges: { standard: true, secure: true, codeCache: true } }]);
  // Where Chromium was told to go without a sandbox (as root), asking for it everywhere would end its helper processes;
  // our window asks for it in any case.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => guardContents(contents, devServer));
}

/** Whether a page is the application's own. `devServer` is set while developing only. */
export function isOwnPage(url: string, devServer: string | undefined): boolean {
  return url.startsWith(origin) || (devServer !== undefined && url.startsWith(`${devServer}/`));
}

/** Serves the window's files, and refuses everything else that the session could be asked for. */
export function guardSession(session: Session, folder: string, devServer: string | undefined): void {
  // `protocol.handle` answers with a `Response`, and the first one loads all of fetch: 50 ms in which nothing else is served.
  session.protocol.registerBufferProtocol('kanto', (request, answer) => serve(folder, request.url, answer));
  const isAllowed = (permission: string, url: string) => permission === 'clipboard-sanitized-write' && isOwnPage(url, devServer);
  session.setPermissionRequestHandler((contents, permission, done) => done(isAllowed(permission, contents.getURL())));
  session.setPermissionCheckHandler((contents, permission) => isAllowed(permission, contents?.getURL() ?? ''));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, done) => done({ cancel: !isLoadable(details.url, devServer) }));
}

function isLoadable(url: string, devServer: string | undefined): boolean {
  if (url.startsWith(origin) || url.startsWith('devtools://')) return true;
  return devServer !== undefined && (url.startsWith(devServer) || url.startsWith(devServer.replace('http', 'ws')));
}

function guardContents(contents: WebContents, devServer: string | undefined): void {
  // The page may only be loaded again, and only as the main frame.
  const refuse = (event: Event<WebContentsWillFrameNavigateEventParams>) => {
    if (!event.isMainFrame || !isOwnPage(event.url, devServer)) event.preventDefault();
  };
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function serve(folder: string, url: string, answer: (response: ProtocolResponse) => void): void {
  const { host, pathname } = new URL(url);
  const file = normalize(join(folder, decodeURIComponent(pathname)));
  const type = contentTypes[extname(file)];
  if (host !== 'app' || type === undefined || !file.startsWith(folder + sep)) {
    answer(refusal(403));
    return;
  }
  readFile(file, (error, data) => {
    if (error === null) answer({ data, headers: headers(type) });
    else answer(refusal(error.code === 'ENOENT' ? 404 : 500));
  });
}

function refusal(statusCode: number): ProtocolResponse {
  return { statusCode, data: Buffer.alloc(0), headers: headers('text/plain') };
}

function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}
