/** The parts of a node host, and what each of the six languages calls them: the same, in the language's own form. */

import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stubsDir } from '../../src/sdkgen/stubs';
import type { Language } from '../../src/manifest/manifest';

const HOSTS: Readonly<Record<Language, string>> = {
  python: 'gen/axiom_host',
  go: 'host',
  typescript: 'gen/axiom',
  rust: 'host',
  java: 'src/main/java/axiom/host',
  csharp: 'host',
};

/** Each part with what it is for. A class or its like, but for the last two. */
const PARTS = {
  HostedPackage: 'what the program hands to the host: the name, the version and the nodes',
  Node: 'one node with its handler',
  Events: 'what happens in one call, in order, on its way to the sidecar',
  InvocationContext: 'the context of one call',
  InvocationSecrets: 'the secrets of one call',
  InvocationLogger: 'ax.log of one call',
} as const;

/** What ends the secrets of a call. */
const FORGET = 'forget';

/** Words that were in use beside these. */
const OTHERS = /\b(?:out_?box|event_?logger|node_?context|drop_?secrets)\b|\bsecrets\.drop\b/i;

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** How a language declares a class, or a structure that stands for one. */
const DECLARATIONS: Readonly<Record<Language, (part: string) => RegExp>> = {
  python: (part) => new RegExp(`^class ${part}\\b`, 'm'),
  // What main does not need is not exported.
  go: (part) => new RegExp(`^type (?:${part}|${lowerFirst(part)}) struct`, 'm'),
  typescript: (part) => new RegExp(`^export (?:class|interface|type) (?:${part}|Unary${part})\\b`, 'm'),
  rust: (part) => new RegExp(`^pub struct ${part}\\b`, 'm'),
  java: (part) => new RegExp(`\\b(?:class|record|interface) ${part}\\b`),
  csharp: (part) => new RegExp(`\\b(?:class|record|interface) ${part}\\b`),
};

function sources(language: Language): readonly string[] {
  const folder = join(stubsDir(language), HOSTS[language]);
  return readdirSync(folder)
    .filter(
      (name) => /\.(?:py|go|ts|rs|java|cs)$/.test(name) && !/_test\.go$|node_pb|node_service/.test(name),
    )
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

describe.each(Object.keys(HOSTS) as readonly Language[])('the %s host', (language) => {
  const texts = sources(language);

  it.each(Object.keys(PARTS))('has a part that is called %s', (part) => {
    const declared = DECLARATIONS[language](part);
    expect(texts.filter((text) => declared.test(text))).toHaveLength(1);
  });

  it('forgets the secrets of a call', () => {
    const called = new RegExp(`\\b${FORGET}\\(`, 'i');
    expect(texts.filter((text) => called.test(text)).length).toBeGreaterThan(1);
  });

  it('has no second word for one of them', () => {
    expect(texts.flatMap((text) => OTHERS.exec(text)?.[0] ?? [])).toEqual([]);
  });
});
