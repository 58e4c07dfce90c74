import { afterEach, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeHost, answerOf } from '../support/node-client';
import { PackageCopy } from '../support/package-copy';
import { BUILD_TIME_MS, describeWith } from '../support/needs';
import { interpreters } from '../../src/sdkgen/python/interpreters';
import { messageFromJson, messageToJson } from '../../src/sdkgen/messages-json';

jest.setTimeout(BUILD_TIME_MS);

const REPOSITORY = join(__dirname, '..', '..');
const packages = (name: string) => join(REPOSITORY, 'test', 'testdata', 'packages', name);
const GREETER = join(REPOSITORY, 'examples', 'greeter-python');
const INICONFIG_HASH = '9deba5723312380e77435581c6bf4935c94cbfab9b1ed33ef8d238ea168eb760';

let copy: PackageCopy | undefined;

function copyOf(source: string): PackageCopy {
  copy = new PackageCopy(source);
  return copy;
}

afterEach(() => {
  copy?.[Symbol.dispose]();
  copy = undefined;
});

async function runTests(folder: PackageCopy, ...extra: string[]) {
  const { model, support } = await folder.generate();
  await support.build(model, () => undefined);
  const { argv, cwd, env } = await support.testCommand(model, extra);
  const ended = spawnSync(argv[0], argv.slice(1), { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  return { status: ended.status, printed: ended.stdout + ended.stderr };
}

describeWith('python', "The spec's greeter in Python", () => {
  it('signs with the secret, and is anonymous without it', async () => {
    const folder = copyOf(GREETER);
    const { model, support } = await folder.generate();
    await support.build(model, () => undefined);
    const host = await NodeHost.start(await support.hostCommand(model), folder.path('node.sock'));
    try {
      const { input, output } = model.nodes[0]!;
      const bytes = messageFromJson(input, '{"name":"Ada"}', model.registry);
      const greet = async (secrets: Record<string, Uint8Array>) => {
        const { outputs } = await answerOf(host.client.invoke('Greet', bytes, { secrets }));
        return messageToJson(output, outputs[0]!, model.registry);
      };
      expect(await greet({ GREETER_SIGNATURE: Buffer.from('Grace') })).toBe(
        '{"greeting":"Hello Ada, from Grace"}',
      );
      expect(await greet({})).toBe('{"greeting":"Hello Ada, from anonymous"}');
    } finally {
      await host.stop();
    }
  });

  it('passes its tests', async () => {
    const { status, printed } = await runTests(copyOf(GREETER));
    expect(printed).toMatch(/ passed/);
    expect(status).toBe(0);
  });
});

describeWith('python', 'Packages of every shape pass their own tests and the generated ones', () => {
  it.each(['python-shapes', 'python-imports', 'python-flat-imports'])('%s', async (name) => {
    const { status, printed } = await runTests(copyOf(packages(name)));
    expect({ status, printed }).toMatchObject({ status: 0 });
    expect(printed).not.toMatch(/failed|error/);
  });
});

describeWith('python', 'A package of messages only', () => {
  it('passes without a test, and fails by one of its own', async () => {
    const folder = copyOf(packages('python-flat-imports'));
    writeFileSync(folder.path('axiom.yaml'), 'name: my-org/types\nversion: 0.1.0\nlanguage: python\n');
    rmSync(folder.path('tests'), { recursive: true });
    expect(await runTests(folder)).toMatchObject({ status: 0, printed: expect.stringContaining('no tests') });
    writeFileSync(folder.path('types_test.py'), 'def test_types():\n    assert False\n');
    expect((await runTests(folder)).status).toBe(1);
  });
});

describeWith('python', 'What a package requires', () => {
  it.each(['4.25.8', '3.20.3'])(
    'is installed from requirements.txt and pyproject.toml, with the newest gRPC that goes with Protobuf %s',
    async (version) => {
      const folder = copyOf(GREETER);
      writeFileSync(folder.path('requirements.txt'), `protobuf==${version}\n`);
      writeFileSync(
        folder.path('pyproject.toml'),
        '[project]\nname = "greeter"\ndependencies = ["iniconfig>=2"]\n',
      );
      writeFileSync(
        folder.path('nodes', 'versions_test.py'),
        `import google.protobuf, iniconfig\n\ndef test_versions():\n    assert google.protobuf.__version__ == "${version}"\n`,
      );
      expect(await runTests(folder)).toMatchObject({
        status: 0,
        printed: expect.stringContaining('4 passed'),
      });
    },
  );

  it('may be pinned by hashes, which the libraries of the node host have none of', async () => {
    const folder = copyOf(GREETER);
    writeFileSync(folder.path('requirements.txt'), `iniconfig==2.1.0 --hash=sha256:${INICONFIG_HASH}\n`);
    expect(await runTests(folder)).toMatchObject({ status: 0 });
  });

  /** What the build says, and the minor version of the Python that runs the tests. */
  async function chosen(folder: PackageCopy): Promise<{ told: string[]; minor: number }> {
    writeFileSync(
      folder.path('nodes', 'python_test.py'),
      'import sys\n\ndef test_python():\n    print("on", sys.version_info[1])\n',
    );
    const { model, support } = await folder.generate();
    const told: string[] = [];
    process.env['AXIOM_CACHE_DIR'] = folder.path('cache');
    try {
      await support.build(model, (line) => void told.push(line));
      const { argv, cwd, env } = await support.testCommand(model, ['-s']);
      const { stdout } = spawnSync(argv[0], argv.slice(1), {
        ...{ cwd, encoding: 'utf8' },
        env: { ...process.env, ...env },
      });
      return { told, minor: Number(/\bon (\d+)$/m.exec(stdout)?.[1]) };
    } finally {
      delete process.env['AXIOM_CACHE_DIR'];
    }
  }

  it("runs on the platform's Python where it can be installed there, though its wheels are for an older one", async () => {
    const [usual] = await interpreters();
    const folder = copyOf(GREETER);
    // Its wheels end with Python 3.11; it installs from source without a compiler.
    writeFileSync(folder.path('requirements.txt'), 'markupsafe==2.1.2\n');
    const { told, minor } = await chosen(folder);
    expect(minor).toBe(usual?.minor);
    expect(told).toContain(
      `the package runs on Python 3.${minor}: the platform's, or the nearest to it on this machine`,
    );
  });

  it('runs on the next Python where it cannot be installed for that, and the build says so', async () => {
    const [usual, other] = await interpreters();
    if (!usual || !other) {
      process.stderr.write('skipped: there is one Python on this machine\n');
      return;
    }
    const folder = copyOf(GREETER);
    mkdirSync(folder.path('not-there'));
    writeFileSync(
      folder.path('not-there', 'setup.py'),
      `from setuptools import setup\n\nsetup(name="not-there", version="1", python_requires="!=3.${usual.minor}.*")\n`,
    );
    writeFileSync(folder.path('requirements.txt'), './not-there\n');
    const { told, minor } = await chosen(folder);
    expect(minor).toBe(other.minor);
    expect(told).toContain(`the package's requirements cannot be installed for Python 3.${usual.minor}`);
    expect(told).toContain(
      `the package runs on Python 3.${minor}: its requirements cannot be installed for 3.${usual.minor}`,
    );
  });

  it('and cannot be had is said in the words of pip', async () => {
    const folder = copyOf(GREETER);
    writeFileSync(folder.path('requirements.txt'), 'grpcio==0.0.0.dev0\n');
    await expect(runTests(folder)).rejects.toThrow(/pip install failed:[^]*grpcio==0\.0\.0\.dev0/);
  });
});

describeWith('python', 'Handlers that import messages by the names that protoc gives them', () => {
  it('run: the folder of the bindings is on the path', async () => {
    const folder = copyOf(packages('python-flat-imports'));
    const { model, support } = await folder.generate();
    await support.build(model, () => undefined);
    const host = await NodeHost.start(await support.hostCommand(model), folder.path('node.sock'));
    try {
      const { input, output } = model.nodes[0]!;
      const bytes = messageFromJson(input, '{"samples":[{"value":1},{"value":2}]}', model.registry);
      const { outputs } = await answerOf(host.client.invoke('Measure', bytes));
      expect(messageToJson(output, outputs[0]!, model.registry)).toBe('{"value":3,"unit":"m"}');
    } finally {
      await host.stop();
    }
  });
});

describeWith('python', 'The test file that axiom generate writes for each node', () => {
  it('is written once: what the author makes of it stays, and the author is told so', async () => {
    const folder = copyOf(packages('python-imports'));
    const place = folder.path('nodes', 'flow_test_invoker_test.py');
    await folder.generate();
    expect(readFileSync(place, 'utf8')).toContain('_TestContext(secrets_map=');
    writeFileSync(place, 'def test_mine(): pass\n');
    await folder.generate();
    expect(readFileSync(place, 'utf8')).toBe('def test_mine(): pass\n');
    expect(folder.reported).toContainEqual(expect.stringContaining('kept nodes/flow_test_invoker_test.py'));
  });

  it('is not written beside a test under the other name that pytest knows', async () => {
    const folder = copyOf(packages('python-imports'));
    await folder.generate();
    expect(existsSync(folder.path('nodes', 'relay_test.py'))).toBe(false);
  });

  it('is not written where the author keeps it in a folder of tests: pytest takes one file of a name', async () => {
    const folder = copyOf(packages('python-flat-imports'));
    await folder.generate();
    expect(existsSync(folder.path('nodes', 'measure_test.py'))).toBe(false);
  });

  it("gives the runner's exit code, and passes arguments on to it", async () => {
    const folder = copyOf(packages('python-imports'));
    writeFileSync(folder.path('nodes', 'broken_test.py'), 'def test_broken(): assert False\n');
    expect((await runTests(folder)).status).toBe(1);
    expect((await runTests(folder, '-k', 'not broken')).status).toBe(0);
  });
});

describeWith('python', 'Names declared in axiom.yaml', () => {
  it('complete in editors as literals, while any other name stays allowed', async () => {
    const folder = copyOf(GREETER);
    await folder.generate();
    const context = readFileSync(folder.path('gen', 'axiom_context.py'), 'utf8');
    expect(context).toMatch(/^# Code generated by axiom; DO NOT EDIT\.$/m);
    expect(context).toMatch(
      /@overload\n.*def get\(\s*self,\s*name: Literal\[\s*"GREETER_SIGNATURE",\s*\],?\s*\)/,
    );
    expect(context).toContain('def get(self, name: str) -> Tuple[str, bool]: ...');
  });

  it('are not made up where none is declared', async () => {
    const folder = copyOf(GREETER);
    const manifest = readFileSync(folder.path('axiom.yaml'), 'utf8');
    writeFileSync(folder.path('axiom.yaml'), manifest.replace(/ +required_secrets:\n.*\n/, ''));
    await folder.generate();
    const context = readFileSync(folder.path('gen', 'axiom_context.py'), 'utf8');
    expect(context).not.toMatch(/GREETER_SIGNATURE"\]|overload|axiom:/);
  });
});
