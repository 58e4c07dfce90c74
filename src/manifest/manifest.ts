/** The shape of axiom.yaml, as everything that reads one sees it. */

/** The languages a package can be written in. */
export const LANGUAGES = ['python', 'go', 'typescript', 'rust', 'java', 'csharp'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One node of a package. */
export interface ManifestNode {
  readonly name: string;
  readonly description: string;
  /** The input message's name as written, with or without its Protobuf package. */
  readonly input: string;
  readonly output: string;
  readonly type: 'unary' | 'pipeline';
  readonly requiredSecrets: readonly string[];
  readonly mutationCapable: boolean;
  /** `generic` nodes declare no secrets: an instance of them pins the names. */
  readonly kind: string;
  /** The ports of a generic node, as written. */
  readonly genericPorts: readonly unknown[];
}

/** Messages of another package, vendored under imports/<package>/<version>/. */
export interface ManifestImport {
  /** `handle/package-name`. */
  readonly package: string;
  readonly version: string;
  readonly messages: readonly string[];
}

/** What the package's build needs beyond its language's defaults. */
export interface ManifestBuild {
  readonly dockerfile: string;
  readonly systemDeps: readonly string[];
  /** `Id:version`. */
  readonly nugetDeps: readonly string[];
  /** `group:artifact:version`. */
  readonly mavenDeps: readonly string[];
  /** As written: seconds, or a duration such as `10m`. */
  readonly timeout: string;
}

/** An environment variable that the package's container is given. */
export interface ManifestEnv {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly default: string;
}

/** A parsed axiom.yaml. */
export interface Manifest {
  /** `handle/package-name`. */
  readonly name: string;
  readonly version: string;
  readonly language: Language;
  readonly type: 'package' | 'proto-only';
  readonly description: string;
  readonly author: string;
  readonly license: string;
  readonly tags: readonly string[];
  readonly nodes: readonly ManifestNode[];
  readonly imports: readonly ManifestImport[];
  readonly env: readonly ManifestEnv[];
  readonly build: ManifestBuild;
}
