// What a bench found, kept for the table of goals and for `npm run bench -- --json FILE`.

import { appendFileSync } from 'node:fs';

/** @param figure { name, value, unit } and whatever else tells how it came about, as `client` and `rounds`. */
export function record(figure) {
  const file = process.env.AXIOM_BENCH_FIGURES;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figure)}\n`);
}
