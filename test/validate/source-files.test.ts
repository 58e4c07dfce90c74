/** Which folders of a package hold its sources: a folder is somebody else's by what is in it, where its name may be anyone's. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { validatePackage } from '../../src/validate/validate';

const root = mkdtempSync(join(tmpdir(), 'sources-'));
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const manifest = (language: string): string =>
  `name: a/b\nversion: 1.0.0\nlanguage: ${language}\nnodes:\n  - {name: Greet, input: In, output: Reply}\n`;

const namesRead = async (): Promise<readonly (string | null)[]> =>
  (await validatePackage(root)).reads.map(({ name }) => name);

describe('a folder called env', () => {
  it('holds sources, as in Go packages that read their settings there', async () => {
    write('axiom.yaml', manifest('go'));
    write(
      'env/env.go',
      'package env\nfunc One(ax axiom.Context, name string) string { v, _ := ax.Secrets().Get(name); return v }\n',
    );
    write(
      'nodes/greet.go',
      'package nodes\nimport "a/b/env"\nfunc Greet(ctx context.Context, ax axiom.Context, in *gen.In) (*gen.Reply, error) {\n\tenv.One(ax, "FROM_ENV")\n\treturn nil, nil\n}\n',
    );
    expect(await namesRead()).toEqual(['FROM_ENV']);
  });

  it('is a virtual environment, whatever its name, where Python says so in it', async () => {
    write('axiom.yaml', manifest('python'));
    for (const folder of ['env', 'venv312']) {
      write(`${folder}/pyvenv.cfg`, 'home = /usr/bin\n');
      write(`${folder}/lib/greet.py`, 'def greet(ax, input):\n    ax.secrets.get("FOREIGN")\n');
    }
    write('nodes/greet.py', 'def greet(ax, input):\n    ax.secrets.get("OWN")\n');
    expect(await namesRead()).toEqual(['OWN']);
  });
});
