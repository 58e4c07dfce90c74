/** Starts the console in the page. */

import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/shell.css';
import '../styles/content.css';
import '../styles/tables.css';
import '../styles/dialogs.css';
import { App } from './app';
import { ErrorBoundary } from './ui/error-boundary';
import { keepFocus } from './ui/focus';
import { watchWaysOut } from './ui/open-dialogs';

const element = document.getElementById('app');
if (element === null) throw new Error('index.html has no #app');
watchWaysOut();
keepFocus();
createRoot(element).render(
  <ErrorBoundary>
    <App />
  </ErrorBoundary>,
);
