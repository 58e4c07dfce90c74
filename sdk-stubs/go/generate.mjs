// Regenerates nodepb/ from proto/axiom/node/v1/node.proto: `node sdk-stubs/go/generate.mjs`.
// Needs Go: it builds the two plugins at the versions below. The copy of the proto drops the policy
// option, which says who may call and means nothing to a node host.
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

const work = mkdtempSync(join(tmpdir(), 'axiom-nodepb-'));
try {
  const run = (command, args, env = {}) =>
    execFileSync(command, args, { cwd: work, stdio: 'inherit', env: { ...process.env, ...env } });
  for (const plugin of [
    'google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12',
    'google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2',
  ]) {
    run('go', ['install', plugin], { GOBIN: work });
  }
  writeFileSync(join(work, 'node.proto'), bare);
  writeFileSync(join(work, 'buf.yaml'), 'version: v2\n');
  const plugin = (name) => ({
    local: join(work, name),
    out: join(here, 'nodepb'),
    opt: ['paths=source_relative', 'Mnode.proto=axiom.stub/node/nodepb'],
  });
  const template = { version: 'v2', plugins: [plugin('protoc-gen-go'), plugin('protoc-gen-go-grpc')] };
  run(process.execPath, [
    join(repo, 'node_modules/@bufbuild/buf/bin/buf'),
    ...['generate', '--path', 'node.proto', '--template', JSON.stringify(template)],
  ]);
} finally {
  rmSync(work, { recursive: true, force: true });
}
