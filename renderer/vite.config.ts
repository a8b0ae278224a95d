// How the window is built, and served while developing.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const folder = (path: string): string => new URL(path, import.meta.url).pathname;

export default defineConfig({
  root: folder('.'),
  base: './',
  plugins: [react()],
  build: {
    outDir: folder('../dist/renderer'),
    emptyOutDir: true,
    // Electron 33 brings Chromium 130.
    target: 'chrome130',
    // The policy of the window allows no data: scripts or styles; everything is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first frame needs travels as one file: each one more is a question to the main process, which has enough to do then.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'frame', test: /renderer[\\/]main\.tsx$/ }] } } },
  },
  server: {
    port: 5173,
    strictPort: false,
    host: '127.0.0.1',
    // Like the policy of the real window, but for what hot reload needs.
    headers: {
      'content-security-policy':
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws:",
    },
  },
});
