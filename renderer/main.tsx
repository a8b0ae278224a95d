// Starts the window.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { begin } from './begin.ts';
import { loadWhenIdle } from './screens.ts';
import './styles/index.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
const store = await begin();
createRoot(root).render(
  <StrictMode>
    <App store={store} />
  </StrictMode>,
);
loadWhenIdle();
