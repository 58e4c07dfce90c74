/** What generation and building say of nodes whose handlers cannot be called. */

import { DomainError } from '../domain/errors';
import { LANGUAGE_OF } from '../validate/languages/languages';
import type { NodeModel, PackageModel, Report } from './language';

/** `func Greet in nodes/greet.go`: what to write for a node. */
function wanted({ manifest, snakeName, functionName }: NodeModel, model: PackageModel): string {
  const names = { file: snakeName, function: functionName };
  return LANGUAGE_OF[model.manifest.language].handlers.wanted(manifest.name, names);
}

const lacking = ({ nodes }: PackageModel): readonly NodeModel[] =>
  nodes.filter(({ handler }) => handler === undefined);

/** Tells of each node that has no handler yet, or one that no node host calls, or that nobody can see. */
export function tellHandlers(model: PackageModel, report: Report): void {
  for (const node of lacking(model))
    report(node.unserved ?? `${node.manifest.name} has no handler yet; write ${wanted(node, model)}`);
}

/** Throws FAILED_PRECONDITION with what is to be done for each node without a handler that can be called. */
export function requireHandlers(model: PackageModel): void {
  const nodes = lacking(model);
  if (nodes.length === 0) return;
  const uncalled = nodes.flatMap(({ unserved }) => unserved ?? []);
  if (uncalled.length > 0)
    throw new DomainError('FAILED_PRECONDITION', uncalled.join('\n'), 'HANDLER_NOT_CALLED');
  throw new DomainError(
    'FAILED_PRECONDITION',
    `axiom.yaml lists nodes that have no handler; write ${nodes.map((node) => wanted(node, model)).join(', ')}`,
    'HANDLER_MISSING',
  );
}
