/** What `axiom generate`, `axiom test` and `axiom run` ask of each of the six languages. */

import type { DescMessage, FileRegistry } from '@bufbuild/protobuf';
import type { Language, Manifest, ManifestNode } from '../manifest/manifest';
import type { ContextUse, UsedSource } from '../validate/languages/common/context-use';
import type { NodeHandler } from '../validate/languages/package-sources';

/** A node with its handler's names and its message types found. */
export interface NodeModel {
  readonly manifest: ManifestNode;
  /**
   * The handler's file without extension: `sql_query_node` for SQLQueryNode, the older `s_q_l_query_node` where that is
   * the file's name, `import_` where the language reserves the word (see reserved-names).
   */
  readonly snakeName: string;
  /** The handler's function, as the language writes it: `sql_query_node`, `import_`, `r#match`, `getTLD`. */
  readonly functionName: string;
  /** The node's test without extension: `sql_query_node_test`. */
  readonly testName: string;
  readonly input: DescMessage;
  readonly output: DescMessage;
  /** Undefined where no source has one that the node host can call. */
  readonly handler: NodeHandler | undefined;
  /** Why the node host cannot call the handler that there is, or nobody can say that there is none; and what to do. */
  readonly unserved: string | undefined;
}

/** A package folder, read and understood. */
export interface PackageModel {
  /** Absolute path of the folder that holds axiom.yaml. */
  readonly root: string;
  readonly manifest: Manifest;
  readonly nodes: readonly NodeModel[];
  /** What its handlers and its tests' doubles expect of the context. */
  readonly context: ContextUse;
  /** The sources that told so, tests too. */
  readonly sources: readonly UsedSource[];
  /** Every name in a required_secrets list, sorted, once each. */
  readonly declaredSecrets: readonly string[];
  /** .proto files of the package, relative to root: messages/…, then imports/… */
  readonly protoFiles: readonly string[];
  /**
   * A serialized google.protobuf.FileDescriptorSet of protoFiles, under those names and with every import
   * resolved to one, and of the google/protobuf files that they import: protoc's --descriptor_set_in,
   * prost-build's compile_fds and buf read it.
   */
  readonly descriptorSet: Uint8Array;
  /** The messages of descriptorSet by name, for JSON and google.protobuf.Any. */
  readonly registry: FileRegistry;
}

/** A file that generation writes. */
export interface GeneratedFile {
  /** Relative to the package's root, with forward slashes. */
  readonly path: string;
  readonly contents: string | Uint8Array;
  /** `always`: replaced when it differs. `once`: an existing file is kept, and the user is told so. */
  readonly write: 'always' | 'once';
}

/** A program to start. Never carries a secret value in argv or env. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where progress for people goes (stderr); never a value. */
export type Report = (line: string) => void;

/** One language. */
export interface LanguageSupport {
  readonly language: Language;
  /** Undefined when the toolchain is there; else what is missing and how to get it, in one line. */
  missingToolchain(): Promise<string | undefined>;
  /** The context, the node host, the build glue and one test per node. Pure: writes nothing. */
  generate(model: PackageModel, report: Report): Promise<readonly GeneratedFile[]>;
  /** Makes the package ready to serve and to test: bindings, dependencies, compilation. Idempotent, quick when nothing changed. */
  build(model: PackageModel, report: Report): Promise<void>;
  /** Starts the node host, after build. It listens on the Unix socket named by AXIOM_SOCKET (default /tmp/axiom.sock). */
  hostCommand(model: PackageModel): Promise<Command>;
  /** Runs the package's tests with the language's own runner, after build; `extra` is passed on to the runner. */
  testCommand(model: PackageModel, extra: readonly string[]): Promise<Command>;
}
