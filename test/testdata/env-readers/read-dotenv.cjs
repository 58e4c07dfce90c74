/** What dotenv (npm) reads from the files that stdin names: one line of JSON a file. */

const { readFileSync } = require('node:fs');
const { parse } = require('dotenv');

for (const path of readFileSync(0, 'utf8').trimEnd().split('\n'))
  process.stdout.write(`${JSON.stringify(parse(readFileSync(path)))}\n`);
