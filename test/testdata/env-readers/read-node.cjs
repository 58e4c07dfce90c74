/** What Node.js itself loads into its variables from the files that stdin names: one line of JSON a file. */

const { readFileSync } = require('node:fs');

for (const path of readFileSync(0, 'utf8').trimEnd().split('\n')) {
  // A variable that is set is kept.
  for (const name of Object.keys(process.env)) delete process.env[name];
  process.loadEnvFile(path);
  process.stdout.write(`${JSON.stringify(process.env)}\n`);
}
