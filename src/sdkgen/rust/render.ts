/** The generated Rust files that are not messages: the context, the node host and service.rs. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constantCase, snakeCase } from '../naming';
import type { GeneratedFile, PackageModel } from '../language';
import { stubsDir } from '../stubs';
import { rustModule } from './reserved-names';
import { findHandler, type ContextShape, type RustSource } from './sources';

/** Where the trait's default methods begin, before which one more may be. */
const DEFAULT_METHODS = '    /// What `telemetry_of` asks.\n';

/** Every group of lints, and those of rustc that no group has; `allow(warnings)` leaves denied ones denied. */
const LINTS = [
  ['warnings', 'future_incompatible', 'let_underscore', 'nonstandard_style', 'rust_2018_idioms', 'unused'],
  ['missing_copy_implementations', 'missing_debug_implementations', 'missing_docs', 'single_use_lifetimes'],
  ['trivial_casts', 'trivial_numeric_casts', 'unreachable_pub', 'unsafe_code', 'unused_lifetimes'],
  ['unused_qualifications', 'unused_results', 'variant_size_differences'],
  ['clippy::all', 'clippy::cargo', 'clippy::nursery', 'clippy::pedantic', 'clippy::restriction'],
];

const AGENT_METHOD = `    /// Left the platform in 2026-07; a double here still has it.
    fn agent(&self) -> &dyn crate::axiom_agent::Agent {
        &crate::axiom_agent::NoopAgent
    }
`;

/** src/axiom_context.rs, and with it what the platform has dropped where sources still name it. */
export async function renderContext(
  model: PackageModel,
  shape: ContextShape,
): Promise<readonly GeneratedFile[]> {
  const read = (name: string) => readFile(join(stubsDir('rust'), 'src', name), 'utf8');
  let text = await read('axiom_context.rs');
  if (shape.addNode === 'old') text = text.replaceAll(/^ +_?node_name: &str,\n/gm, '');
  if (shape.namesAgent) {
    text = text.replace(DEFAULT_METHODS, AGENT_METHOD + DEFAULT_METHODS);
    text = text.replace('\nuse std::', '\npub use crate::axiom_agent::*;\nuse std::');
  }
  const context = file('src/axiom_context.rs', text + constantsOf(model));
  return shape.namesAgent ? [context, file('src/axiom_agent.rs', await read('axiom_agent.rs'))] : [context];
}

/** One constant per declared name; the name itself in small letters where two would be the same. */
function constantsOf({ declaredSecrets, manifest }: PackageModel): string {
  const names = declaredSecrets.map((name) => [name, constantOf(name)] as const);
  const seen = new Set<string>();
  const lines = names.flatMap(([name, constant]) => {
    if (seen.has(constant)) return [];
    seen.add(constant);
    const readers = manifest.nodes.filter((node) => node.requiredSecrets.includes(name));
    const who = readers.map((node) => node.name).join(', ');
    return [`    /// Declared by ${who}.`, `    pub const ${constant}: &str = ${JSON.stringify(name)};`];
  });
  if (lines.length === 0) return '';
  return `
/// The names in axiom.yaml's required_secrets; \`get\` takes any other name too.
pub mod secret_names {
${lines.join('\n')}
}
`;
}

/** `GREETER_SIGNATURE`: upper case already, or made so. */
export function constantOf(name: string): string {
  const constant = /^[A-Z0-9_]+$/.test(name) ? name : constantCase(name);
  return /^\d/.test(constant) ? `_${constant}` : constant;
}

/** The node host, under .axiom/. */
export async function renderHost(): Promise<readonly GeneratedFile[]> {
  const folder = join(stubsDir('rust'), 'host');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.rs')).sort();
  return Promise.all(
    names.map(async (name) => {
      const stub = await readFile(join(folder, name), 'utf8');
      return file(`.axiom/host/${name}`, withoutTests(stub));
    }),
  );
}

/** The host's own tests stay with the stub: a package's test run is the author's. */
function withoutTests(stub: string): string {
  const start = stub.indexOf('\n#[cfg(test)]\nmod tests {');
  return start < 0 ? stub : stub.slice(0, start);
}

/**
 * service.rs: every node's module by its real path, so that \`#[path]\` in it means what the author meant,
 * and its test beside it.
 */
export function renderService(
  model: PackageModel,
  sources: readonly RustSource[],
  shape: ContextShape,
  tests: readonly string[],
): GeneratedFile {
  const present = new Set([...sources.map((source) => source.path), ...tests]);
  const served = new Map(model.nodes.map((node) => [node.manifest, node]));
  const lines = model.manifest.nodes.flatMap((node) => {
    const name = served.get(node)?.snakeName ?? snakeCase(node.name);
    const test = served.get(node)?.testName ?? `${name}_test`;
    return [
      ...(present.has(`nodes/${name}.rs`)
        ? [`/// The handler of ${node.name}.`, `#[path = "nodes/${name}.rs"]`, `pub mod ${rustModule(name)};`]
        : []),
      ...(present.has(`nodes/${test}.rs`)
        ? ['#[cfg(test)]', `#[path = "nodes/${test}.rs"]`, `mod ${test};`]
        : []),
    ];
  });
  const context = [
    generated('src/axiom_context.rs', 'pub mod axiom_context'),
    ...(shape.namesAgent
      ? [generated('src/axiom_agent.rs', 'pub mod axiom_agent'), 'pub use axiom_agent as axiom_noop;\n']
      : []),
    generated('.axiom/host/mod.rs', 'mod axiom_host'),
    generated('gen/mod.rs', 'pub mod r#gen'),
  ];
  const contents = `// @generated by axiom generate. Do not edit.
//! The node host of ${model.manifest.name}.
#![allow(dead_code, unused_imports)]

${context.join('')}
pub use axiom_context::{AxiomNodeError, SecretStatus};
use axiom_host::{AnyValue as _, IntoError as _};

${lines.join('\n')}

fn main() -> ::std::process::ExitCode {
    axiom_host::serve(axiom_host::Service {
        package: ${JSON.stringify(model.manifest.name)},
        version: ${JSON.stringify(model.manifest.version)},
        nodes: vec![
${entriesOf(model, sources).join('')}        ],
    })
}
`;
  return file('service.rs', contents);
}

/** A module of generated code. What the author's [lints] deny, they deny in the author's own sources. */
function generated(path: string, declaration: string): string {
  const lints = LINTS.map((group) => `    ${group.join(', ')},\n`).join('');
  return `#[path = "${path}"]\n#[allow(\n${lints})]\n${declaration};\n`;
}

/** A node without a handler is not served. */
function entriesOf(model: PackageModel, sources: readonly RustSource[]): string[] {
  return model.nodes.flatMap((node) => {
    const { manifest, snakeName, functionName, input, output } = node;
    const handler = findHandler(node, sources);
    if (!handler) return [];
    const pipeline = manifest.type === 'pipeline';
    const parameters = pipeline ? 'ax, inputs, emit' : 'ax, input';
    const plain = `${rustModule(snakeName)}::${functionName}(${parameters})`;
    const call = handler.isAsync ? `axiom_host::wait_for(${plain})` : plain;
    const names = [manifest.name, input.typeName, output.typeName].map((name) => JSON.stringify(name));
    return [
      `            axiom_host::${pipeline ? 'pipeline' : 'unary'}(${names.join(', ')}, |${parameters}| {\n`,
      `                ${call}.map_err(|error| axiom_host::Returned(error).failure())\n`,
      '            }),\n',
    ];
  });
}

function file(path: string, contents: string): GeneratedFile {
  return { path, contents, write: 'always' };
}
