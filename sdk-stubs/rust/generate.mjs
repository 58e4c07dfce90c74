// Regenerates host/node_service.rs from proto/axiom/node/v1/node.proto: `node sdk-stubs/rust/generate.mjs`.
// Needs Rust. The policy option, which says who may call, means nothing to a node host and is dropped.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const repo = join(here, '..', '..');
const source = readFileSync(join(repo, 'proto/axiom/node/v1/node.proto'), 'utf8');
const bare = source
  .replace(/import "axiom\/policy\/v1\/policy\.proto";\n/, '')
  .replaceAll(/ \{\n\s+option \(axiom\.policy\.v1\.access\) = \{[^}]*\};\n\s+\}/g, ';');

const work = mkdtempSync(join(tmpdir(), 'axiom-node-service-'));
try {
  writeFileSync(join(work, 'node.proto'), bare);
  writeFileSync(join(work, 'buf.yaml'), 'version: v2\n');
  const buf = join(repo, 'node_modules/@bufbuild/buf/bin/buf');
  execFileSync(process.execPath, [buf, 'build', '--as-file-descriptor-set', '-o', 'image.binpb'], { cwd: work });
  execFileSync(
    'cargo',
    ['run', '--quiet', '--features', 'node-service', '--manifest-path', join(here, 'bindings/Cargo.toml'), '--', work],
    { input: readFileSync(join(work, 'image.binpb')), stdio: ['pipe', 'inherit', 'inherit'] },
  );
  const generated = readFileSync(join(work, 'axiom.node.v1.rs'), 'utf8');
  writeFileSync(join(here, 'host/node_service.rs'), generated);
  execFileSync('rustfmt', ['--config-path', here, '--edition', '2021', join(here, 'host/node_service.rs')]);
} finally {
  rmSync(work, { recursive: true, force: true });
}
