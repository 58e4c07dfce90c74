/** The libraries in a package's pom.xml: the node host's own, the author's, and those that the platform lends. */

import { DomainError } from '../../domain/errors';
import type { Report } from '../language';

/** The versions in sdk-stubs/java/pom.xml, by property. */
export type Versions = Readonly<Record<string, string>>;

/** One library; without a version where a BOM has it. */
export interface Library {
  readonly group: string;
  readonly artifact: string;
  readonly version?: string;
  readonly scope?: 'test';
}

/** Families whose libraries only work together in one version: messages, node host and tests are made of them. */
const FAMILIES = [
  {
    bom: { group: 'io.grpc', artifact: 'grpc-bom' },
    property: 'grpc.version',
    members: /^io\.grpc:grpc-(?!kotlin)/,
  },
  {
    bom: { group: 'com.google.protobuf', artifact: 'protobuf-bom' },
    property: 'protobuf.version',
    members: /^com\.google\.protobuf:protobuf-(?:java(?:-util|lite)?|kotlin(?:-lite)?)$/,
  },
  {
    bom: { group: 'org.junit', artifact: 'junit-bom' },
    property: 'junit.version',
    members: /^org\.junit\.(?:jupiter|platform|vintage):/,
  },
] as const;

const HOST: readonly Library[] = [
  { group: 'io.grpc', artifact: 'grpc-netty-shaded' },
  { group: 'io.grpc', artifact: 'grpc-protobuf' },
  { group: 'io.grpc', artifact: 'grpc-stub' },
  { group: 'com.google.protobuf', artifact: 'protobuf-java' },
  { group: 'org.junit.jupiter', artifact: 'junit-jupiter', scope: 'test' },
];

/** What the platform's pom gives every package, so that packages use it without declaring it. */
const LENT = [
  {
    group: 'com.fasterxml.jackson.core',
    artifact: 'jackson-databind',
    property: 'jackson.version',
    mention: /\bcom\.fasterxml\.jackson\./,
    declared: /^com\.fasterxml\.jackson\b/,
  },
  {
    group: 'javax.annotation',
    artifact: 'javax.annotation-api',
    property: 'javax-annotation.version',
    // The package's other types, Nullable and its like, come with gRPC.
    mention:
      /\bjavax\.annotation\.(?:\*|Generated|ManagedBean|PostConstruct|PreDestroy|Priority|Resources?)\b/,
    declared: /^(?:javax|jakarta)\.annotation:/,
  },
] as const;

/** The BOMs that keep each family together, in what other libraries bring along too. */
export function boms(versions: Versions): readonly Library[] {
  return FAMILIES.map(({ bom, property }) => ({ ...bom, version: versionOf(versions, property) }));
}

/**
 * Every library of a package whose axiom.yaml declares `declared` and whose sources are `code`. Throws
 * INVALID_ARGUMENT for a declaration of another form than group:artifact:version.
 */
export function libraries(
  declared: readonly string[],
  code: readonly string[],
  versions: Versions,
  report: Report,
): readonly Library[] {
  const own = declared.map((text) => inFamily(parse(text), versions, report));
  const lent = LENT.filter(
    (library) =>
      code.some((source) => library.mention.test(source)) &&
      !own.some((other) => library.declared.test(name(other))),
  );
  return [
    ...HOST,
    ...own.filter((library) => !HOST.some((known) => name(known) === name(library))),
    ...lent.map(({ group, artifact, property }) => ({
      group,
      artifact,
      version: versionOf(versions, property),
    })),
  ];
}

function parse(text: string): Library {
  const [group, artifact, version, ...more] = text.split(':').map((part) => part.trim());
  if (!group || !artifact || !version || more.length > 0) {
    throw new DomainError(
      'INVALID_ARGUMENT',
      `axiom.yaml: build.maven_deps has "${text}"; write group:artifact:version`,
      'MAVEN_DEPENDENCY_INVALID',
    );
  }
  return { group, artifact, version };
}

/** A family's library takes its version from the BOM. */
function inFamily(library: Library, versions: Versions, report: Report): Library {
  const family = FAMILIES.find(({ members }) => members.test(name(library)));
  if (!family) return library;
  const { group, artifact, version } = library;
  const { bom, property } = family;
  report(
    `pom.xml: ${name(library)} ${version} is taken as ${bom.artifact} ${versionOf(versions, property)} has it, ` +
      'with which the node host is made',
  );
  return { group, artifact };
}

function name({ group, artifact }: Library): string {
  return `${group}:${artifact}`;
}

export function versionOf(versions: Versions, property: string): string {
  const value = versions[property];
  if (value === undefined) throw new Error(`sdk-stubs/java/pom.xml lacks the version ${property}`);
  return value;
}
