// `npm run build`: installs what is missing and compiles what has changed.

import { ensureBuilt, ensureInstalled } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
