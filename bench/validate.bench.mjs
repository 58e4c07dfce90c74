// How long `axiom validate` takes for one large source in each language, and that it grows with the source only.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(join(root, 'package.json'));
const { parseManifest } = require('./dist/manifest/parse.js');
const { validateSources } = require('./dist/validate/validate.js');

/** One function that reads one secret; % is its number. */
const FUNCTIONS = {
  python: [
    '.py',
    'def f_%(ax, input):\n    """Answers one request."""\n    value, ok = ax.secrets.get("KEY_%")\n    if not ok:\n        return Reply(error="KEY_% is not set", code=1)\n    # The service wants the key in a header.\n    return Reply(text=call(input.text, {"Authorization": "Bearer " + value}))\n\n\n',
  ],
  go: [
    '.go',
    '// F% answers one request.\nfunc F%(ctx context.Context, ax axiom.Context, in *gen.In) (*gen.Out, error) {\n\tvalue, ok := ax.Secrets().Get("KEY_%")\n\tif !ok {\n\t\treturn nil, errors.New("KEY_% is not set")\n\t}\n\treturn call(ctx, in.GetText(), value)\n}\n\n',
  ],
  typescript: [
    '.ts',
    "/** Answers one request. */\nexport async function f%(ax: AxiomContext, input: In): Promise<Out> {\n  const [value, ok] = ax.secrets.get('KEY_%');\n  if (!ok) return failed(`KEY_% is not set`);\n  return call(input.getText(), { authorization: value });\n}\n\n",
  ],
  rust: [
    '.rs',
    '/// Answers one request.\npub fn f%(ax: &dyn AxiomContext, input: In) -> Result<Out, Box<dyn std::error::Error>> {\n    let (value, ok) = ax.secrets().get("KEY_%");\n    if !ok { return Err(format!("KEY_% is not set: {}", input.id).into()); }\n    Ok(Out { text: call(&input.text, &value)?, ..Default::default() })\n}\n\n',
  ],
  java: [
    '.java',
    '/** Answers one request. */\nfinal class C% {\n  static Out f%(AxiomContext ax, In input) {\n    Optional<String> value = ax.secrets().get("KEY_%");\n    if (value.isEmpty()) return failed("KEY_% is not set");\n    return Out.newBuilder().setText(call(input.getText(), value.get())).build();\n  }\n}\n\n',
  ],
  csharp: [
    '.cs',
    '/// <summary>Answers one request.</summary>\nstatic class C%\n{\n    public static Out F%(IAxiomContext ax, In input)\n    {\n        var (value, found) = ax.Secrets().Get("KEY_%");\n        if (!found) return Failed("KEY_% is not set");\n        return new Out { Text = Call(input.Text, value) };\n    }\n}\n\n',
  ],
};

function source(text, bytes) {
  const parts = [];
  for (let i = 0, length = 0; length < bytes; i++) {
    const part = text.replaceAll('%', String(i));
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

const manifestOf = (language) =>
  `name: a/b\nversion: 1.0.0\nlanguage: ${language}\nnodes: [{name: F0, input: In, output: Out}]\n`;

/** Milliseconds of the whole command, which starts anew: its modules, the grammar and the engine are cold. The best of three. */
function timeCommand(language, extension, text) {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-bench-'));
  try {
    mkdirSync(join(folder, 'nodes'));
    writeFileSync(join(folder, 'axiom.yaml'), manifestOf(language));
    writeFileSync(join(folder, 'nodes', `f0${extension}`), text);
    let best = Infinity;
    for (let run = 0; run < 3; run++) {
      const start = performance.now();
      const { status } = spawnSync(process.execPath, [join(root, 'dist', 'cli', 'main.js'), 'validate'], {
        cwd: folder,
      });
      if (status !== 0) throw new Error(`axiom validate ended with ${status}`);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds for one source, the best of three; the processor's too, since the machine may have other work. */
async function time(language, extension, text) {
  const manifest = manifestOf(language);
  const sources = { files: [{ path: `nodes/f0${extension}`, text, suspect: false }], skipped: [] };
  let best = Infinity;
  let cpu = Infinity;
  let reads = 0;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const used = process.cpuUsage();
    const report = await validateSources(manifest, parseManifest(manifest), sources);
    best = Math.min(best, performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    cpu = Math.min(cpu, (user + system) / 1000);
    reads = report.reads.length;
  }
  return { best, cpu, reads };
}

console.log(
  'validate: one source          250 KB       1 MB   of that CPU  growth (CPU)   reads in 1 MB   command',
);
for (const [language, [extension, text]] of Object.entries(FUNCTIONS)) {
  const quarter = await time(language, extension, source(text, 250_000));
  const whole = await time(language, extension, source(text, 1_000_000));
  const ms = (value) => `${Math.round(value)} ms`.padStart(11);
  const growth = `${(whole.cpu / quarter.cpu).toFixed(1)} x`.padStart(12);
  const command = ms(timeCommand(language, extension, source(text, 1_000_000)));
  const figures = `${ms(quarter.best)}${ms(whole.best)}   ${ms(whole.cpu)}  ${growth}`;
  console.log(`  ${language.padEnd(22)}${figures}  ${String(whole.reads).padStart(14)}${command}`);
}
