// Runs the corpus on a compiled engine with one change: node mutant.cjs <root> <file> <from> <to>.
'use strict';
const { readFileSync, readdirSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const [, , root, file, from, to] = process.argv;
const load = Module._extensions['.js'];
Module._extensions['.js'] = (module, path) => {
  if (path !== file) return load(module, path);
  const code = readFileSync(path, 'utf8');
  if (code.split(from).length !== 2) process.exit(2);
  return module._compile(
    code.replace(from, () => to),
    path,
  );
};

const { parseManifest } = require(join(root, 'dist/manifest/parse.js'));
const { findSources } = require(join(root, 'dist/validate/languages/source-files.js'));
const { validateSources } = require(join(root, 'dist/validate/validate.js'));
const { asJson } = require(join(root, 'dist/validate/report/format.js'));
const corpus = join(root, 'test/testdata/validate');

/** The sources alone: the packages of the corpus have no messages. */
async function validate(folder) {
  const text = readFileSync(join(folder, 'axiom.yaml'), 'utf8');
  const parsed = parseManifest(text);
  return asJson(await validateSources(text, parsed, findSources(folder, parsed.readable)));
}

async function main() {
  // The package of circles first: most changes show there.
  const first = 'python-recursion';
  const names = readdirSync(corpus).filter((name) => name !== first);
  for (const name of [first, ...names.sort().reverse()]) {
    const expected = JSON.parse(readFileSync(join(corpus, name, 'expected.json'), 'utf8'));
    const found = JSON.parse(await validate(join(corpus, name)));
    if (JSON.stringify(found) !== JSON.stringify(expected)) process.exit(1);
  }
}

main().catch(() => process.exit(1));
