/**
 * Which handlers have another shape than nodes have. In compiled languages the compiler finds that in the generated
 * program that lists the handlers, in a file that the author has not written; this says it of the handler.
 */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DomainError } from '../domain/errors';
import type { NodeModel, PackageModel } from './language';
import { ToolFailure } from './run-tool';

/** What a language's generated program and its handlers look like. */
export interface HandlerShapes {
  /** The generated program that lists the handlers, relative to the package's root. */
  readonly program: string;
  /** Of handlers' files: `go`. */
  readonly extension: string;
  /** How the handler of a node is declared. */
  declaration(node: NodeModel): string;
}

/** Every entry of the program's list begins with a call of one of the host's two makers of nodes. */
const ENTRY = /\b(?:unary|pipeline)(?:(?:::)?<.*>|\[.*\])?\(/i;

/**
 * Builds. Where the build fails in the program's list of handlers, the error begins with what is wrong with which
 * handler (FAILED_PRECONDITION, HANDLER_SHAPE); what the compiler said follows.
 */
export async function withHandlerShapes<T>(
  { root, nodes }: PackageModel,
  shapes: HandlerShapes,
  build: () => Promise<T>,
): Promise<T> {
  try {
    return await build();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const program = await readFile(join(root, shapes.program), 'utf8').catch(() => '');
    const said = error instanceof ToolFailure ? error.printed : error.message;
    const faulty = faultyNodes(said, basename(shapes.program), program.split('\n'), nodes);
    if (faulty.length === 0) throw error;
    const sentences = faulty.map(
      (node) =>
        `nodes/${node.snakeName}.${shapes.extension}: ${node.functionName} cannot be called as nodes are; ` +
        `write it as \`${shapes.declaration(node)}\``,
    );
    throw new DomainError(error.code, `${sentences.join('\n')}\n${error.message}`, 'HANDLER_SHAPE');
  }
}

/** The nodes whose entries the compiler's complaints are about: `main.go:16:3`, `service.ts(24,7)`, `Service.java:[18,25]`. */
function faultyNodes(
  said: string,
  file: string,
  program: readonly string[],
  nodes: readonly NodeModel[],
): readonly NodeModel[] {
  const place = new RegExp(`(?<![\\w.-])${file.replaceAll('.', '\\.')}(?:\\(|:\\[?)(\\d+)`, 'g');
  const entries = [...said.matchAll(place)].map(([, line]) => entryAt(program, Number(line) - 1));
  return nodes.filter(({ manifest: { name } }) =>
    entries.some((entry) => entry.includes(`"${name}"`) || entry.includes(`'${name}'`)),
  );
}

/** The text of the entry that a line of the program belongs to; empty outside of the list. */
function entryAt(program: readonly string[], line: number): string {
  const first = program.findLastIndex((text, index) => index <= line && ENTRY.test(text));
  if (first < 0) return '';
  const next = program.findIndex((text, index) => index > first && ENTRY.test(text));
  return program.slice(first, next < 0 ? undefined : next).join('\n');
}
