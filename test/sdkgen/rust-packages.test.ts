/** Rust packages in the shapes that are in use: each generates, compiles and passes its own tests. */

import { describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { moduleTree } from '../../src/sdkgen/rust/bindings';
import { mergeCargoToml, newCargoToml } from '../../src/sdkgen/rust/manifest';
import { packageTarget } from '../../src/sdkgen/rust/target-folder';
import { writeFiles } from '../../src/sdkgen/write-files';
import { PackageFolder } from '../support/package-folder';
import { BuiltPackage, RunningPackage } from './built-package';
import { itWith } from '../support/needs';

const REPO = join(__dirname, '..', '..');
const DENIED = ['warnings', 'unsafe_code', 'missing_docs', 'unreachable_pub', 'unused_qualifications'].map(
  (lint) => `${lint} = "deny"`,
);
/** When tonic was compiled. */
const tonicTime = ({ root }: BuiltPackage) => {
  const deps = join(packageTarget(root), 'debug', 'deps');
  const rlib = readdirSync(deps).filter((name) => /^libtonic-.*\.rlib$/.test(name));
  return rlib.map((name) => statSync(join(deps, name)).mtimeMs);
};

describe('axiom generate in a Rust package', () => {
  itWith(
    'rust',
    'takes the newer add_node where doubles have it, and adds only what Cargo.toml lacks',
    async () => {
      using built = await BuiltPackage.of('rust-doubles-new');
      expect(built.reports).toContain(
        'src/axiom_context.rs: add_node takes (package, version, node name, position), as in nodes/grow_flow_test.rs',
      );
      expect(built.reports).toContain(
        'Cargo.toml: added what the node host needs: [[bin]], prost, tokio, tokio-stream, tonic',
      );
      expect(await built.test()).toMatchObject({ code: 0 });
    },
  );

  itWith(
    'rust',
    'takes the older add_node where doubles have it, and leaves a complete Cargo.toml alone',
    async () => {
      using built = await BuiltPackage.of('rust-doubles-old');
      expect(built.reports).toContain(
        'src/axiom_context.rs: add_node takes (package, version, position), as in nodes/testctx.rs',
      );
      const kept = readFileSync(join(REPO, 'test/testdata/packages/rust-doubles-old/Cargo.toml'), 'utf8');
      expect(readFileSync(join(built.root, 'Cargo.toml'), 'utf8')).toBe(kept);
      expect(await built.test()).toMatchObject({ code: 0 });
    },
  );

  itWith(
    'rust',
    'compiles doubles of while the agent memory existed, and adds the crate of well-known messages',
    async () => {
      using built = await BuiltPackage.of('rust-agent-doubles');
      expect(built.reports).toContain('Cargo.toml: added what the node host needs: prost-types');
      expect(await built.test()).toMatchObject({ code: 0 });
    },
  );

  itWith('rust', 'writes a test once that passes as written and takes test values', async () => {
    using built = await BuiltPackage.of('', join(REPO, 'examples', 'greeter-rust'));
    expect(await built.test('greet')).toMatchObject({ code: 0 });
    const again = await built.support.generate(built.model, () => undefined);
    const said: string[] = [];
    const result = await writeFiles(built.root, again, (line) => said.push(line));
    expect(result.written).toEqual([]);
    expect(said).toEqual(['kept nodes/greet_test.rs: it is yours; delete it to have it generated again']);
  });

  itWith(
    'rust',
    'compiles under the lints that an author denies in the own sources, in the newest edition',
    async () => {
      using strict = new PackageFolder({});
      cpSync(join(REPO, 'examples', 'greeter-rust'), strict.root, { recursive: true });
      const edit = (path: string, change: (text: string) => string) =>
        strict.write(path, change(readFileSync(join(strict.root, path), 'utf8')));
      edit(
        'Cargo.toml',
        (text) => `${text.replace('"2021"', '"2024"')}\n[lints.rust]\n${DENIED.join('\n')}\n`,
      );
      for (const path of ['nodes/greet.rs', 'nodes/greet_test.rs'])
        edit(path, (text) => text.replaceAll('crate::gen::', 'crate::r#gen::'));
      using built = await BuiltPackage.of('', strict.root);
      expect(await built.test('greet')).toMatchObject({ code: 0 });
    },
  );

  itWith('rust', "makes messages of nothing but Google's own, wherever these stand", async () => {
    using built = await BuiltPackage.of('rust-well-known');
    expect(built.reports).toContain('Cargo.toml: added what the node host needs: prost-types');
    expect(await built.test()).toMatchObject({ code: 0 });
  });

  itWith(
    'rust',
    'takes handlers whose errors are text, of another crate, of their own or sendable',
    async () => {
      using built = await BuiltPackage.of('rust-errors');
      expect(await built.test()).toMatchObject({ code: 0 });
      const running = await RunningPackage.of(built);
      try {
        for (const node of ['RefuseText', 'RefuseAnyhow', 'RefuseOwn']) {
          expect(await running.invoke(node, {})).toMatchObject([
            { case: 'log', value: { message: 'The handler returned an error that is no AxiomNodeError.' } },
            { case: 'error', value: { typed: false } },
          ]);
        }
        expect(await running.invoke('RefuseSend', {})).toMatchObject([
          { case: 'error', value: { typed: true, code: 'NO_TEXT' } },
        ]);
        const number = { text: '7' };
        expect(running.outputs('RefuseAnyhow', await running.invoke('RefuseAnyhow', number))).toEqual([
          number,
        ]);
      } finally {
        await running.host.stop();
      }
    },
  );

  itWith(
    'rust',
    "shows the compiler's own words where a source does not compile, and nothing else",
    async () => {
      using built = await BuiltPackage.of('', join(REPO, 'examples', 'greeter-rust'));
      const handler = join(built.root, 'nodes/greet.rs');
      writeFileSync(handler, readFileSync(handler, 'utf8').replace('Ok(', 'Okay('));
      const failure = await built.support.build(built.model, () => undefined).catch(String);
      expect(failure).toMatch(/error\[E0425\][\s\S]*nodes\/greet\.rs:\d+/);
      expect(failure).not.toContain('"reason"');
    },
  );

  itWith(
    'rust',
    "builds while another package's cargo is at work, and compiles nothing again that was compiled for that one",
    async () => {
      const GREETER = join(REPO, 'examples', 'greeter-rust');
      using first = await BuiltPackage.of('', GREETER);
      using slow = new PackageFolder({});
      cpSync(GREETER, slow.root, { recursive: true });
      slow.write(
        'build.rs',
        `fn main() {
            std::fs::write("begun", "").unwrap();
            while !std::path::Path::new("go-on").exists() {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }`,
      );
      const building = BuiltPackage.of('', slow.root);
      // Its build script runs in its own copy's folder.
      const roots = () => readdirSync(tmpdir()).filter((name) => name.startsWith('axiom-built-'));
      const begun = () => roots().find((name) => existsSync(join(tmpdir(), name, 'begun')));
      try {
        while (begun() === undefined) await sleep(20);
        using other = await BuiltPackage.of('', GREETER);
        expect(readdirSync(join(other.root, '.axiom', 'bin'))).toEqual(['service']);
        expect(other.reports.filter((line) => line.includes('waiting'))).toEqual([]);
        expect(tonicTime(other)).toEqual(tonicTime(first));
      } finally {
        writeFileSync(join(tmpdir(), begun() ?? '', 'go-on'), '');
        (await building)[Symbol.dispose]();
      }
    },
  );

  itWith('rust', 'says which function to write where a node has no handler', async () => {
    using built = await BuiltPackage.of('', join(REPO, 'examples', 'greeter-rust'));
    const nodes = built.model.nodes.map((node) => ({
      ...node,
      snakeName: 'get_tld',
      functionName: 'get_tld',
      handler: undefined,
    }));
    await expect(built.support.build({ ...built.model, nodes }, () => undefined)).rejects.toThrow(
      'write pub fn get_tld in nodes/get_tld.rs',
    );
  });
});

describe("an author's Cargo.toml", () => {
  it('gets what it lacks in a block at its end, which is made anew each time', () => {
    const own = '[package]\nname = "service"\n\n[dependencies] # mine\ntonic = "0.12"\n';
    const once = mergeCargoToml(own, false);
    expect(once.added).toEqual(['[[bin]]', 'prost', 'tokio', 'tokio-stream']);
    expect(once.text.startsWith(own)).toBe(true);
    expect(mergeCargoToml(once.text, false)).toEqual(once);
    expect(mergeCargoToml(once.text, true).added).toContain('prost-types');
  });

  it('gets the default features that the node host needs where the author left them out', () => {
    const bare = newCargoToml('1.0.0', false).replace(
      'tonic = "0.12"',
      'tonic = { version = "0.12", default-features = false, features = ["codegen"] }',
    );
    expect(mergeCargoToml(bare, false).added).toEqual(['tonic']);
  });

  it('is complete when generated', () => {
    expect(mergeCargoToml(newCargoToml('1.0.0', true), true).added).toEqual([]);
  });

  it('is refused, in words, with a tonic that the node host is not made for', () => {
    expect(() => mergeCargoToml('[dependencies]\ntonic = "0.14"\n', false)).toThrow('write tonic = "0.12"');
    expect(() => mergeCargoToml('[dependencies.prost]\nversion = "=0.12.6"\n', false)).toThrow(
      'write prost = "0.13"',
    );
  });
});

describe('the modules of messages', () => {
  it('are nested as their Protobuf packages, with the own ones as `messages`', () => {
    const tree = moduleTree(['a.b.rs', 'geo.rs'], ['a.b']);
    expect(tree).toContain('pub mod a {\n    pub mod b {\n        include!("a.b.rs");\n    }\n}');
    expect(tree).toContain('pub mod messages {\n    pub use super::a::b::*;\n}');
  });

  it('are found under the names that prost gives them, and not where a package has no messages', () => {
    const tree = moduleTree(['acme.r#type.http_v1.rs'], ['Acme.type.HTTP_v1', 'acme.options']);
    expect(tree).toContain('pub mod messages {\n    pub use super::acme::r#type::http_v1::*;\n}');
  });

  it('hold a package that is called messages, or not at all', () => {
    expect(moduleTree(['messages.rs'], ['messages'])).toContain(
      'pub mod messages {\n    include!("messages.rs");\n}',
    );
    expect(moduleTree(['_.rs'], [''])).toContain(
      'include!("_.rs");\npub mod messages {\n    pub use super::*;\n}',
    );
  });
});
