/** Which declared types are the platform's context, its secrets accessor or its log. */

import type { SourceFile } from '../ir/program';
import type { PackageScope } from '../ir/scope';
import { CTX, LOGGER, SECRETS, type Val } from '../ir/values';

/** Function types take or give a context; they are none. */
const FUNCTIONAL =
  /=>|->|\bfunc\s*\(|\bFn(?:Mut|Once)?\s*\(|\b(?:Callable|Func|Action|Function|BiFunction|Consumer|Supplier|Predicate)\s*[<[]/;
const CONTAINER =
  /\b(?:Vec|List|Map|HashMap|Dict|dict|list|Iterable|Iterator|Sequence|Array|Set|IEnumerable)\s*[<[]|\[\]/;
const SECRETS_TYPE =
  /\bAxiomSecrets\b|\bAxiomContext(?:::|\.)Secrets\b|\bAxiomContext\s*\[\s*['"]secrets['"]\s*\]|\bI?AxiomContext\.ISecrets\b|\baxiom\.Secrets\b/;
const LOGGER_TYPE =
  /\bAxiomLogger\b|\bAxiomContext(?:\.|::)(?:Log|Logger)\b|\bAxiomContext\s*\[\s*['"]log['"]\s*\]|\bI?AxiomContext\.ILog(?:ger)?\b|\baxiom\.Log(?:ger)?\b/;
const CONTEXT_TYPE = /\bI?AxiomContext\b|\baxiom\.Context\b/;

/** A type's parameter by its look, `T`: the bounds that the function gives it tell more. */
const GENERIC = /\b[A-Z]\w?\b/;

const withoutBounds = (): string => '';

/** By file what its types hold; most functions of a package have parameters of the same few types. */
const known = new WeakMap<SourceFile, Map<string, Val | undefined>>();

/** What a parameter or field of this declared type holds; undefined when the type does not tell. */
export function valueOfType(
  type: string,
  file: SourceFile,
  scope: PackageScope,
  bounds: () => string = withoutBounds,
): Val | undefined {
  if (type === '' || type.startsWith('{')) return undefined;
  if (GENERIC.test(type)) return told(expand(type, file, scope, bounds()));
  let ofFile = known.get(file);
  if (!ofFile) known.set(file, (ofFile = new Map<string, Val | undefined>()));
  if (!ofFile.has(type)) ofFile.set(type, told(expand(type, file, scope, '')));
  return ofFile.get(type);
}

function told(written: string): Val | undefined {
  // What an object type's fields are, the object is not.
  const text = written.replaceAll(/\{[^{}]*\}/g, '');
  if (FUNCTIONAL.test(text) || CONTAINER.test(text)) return undefined;
  // A function such as `get`: callers know which.
  if (/\[\s*['"]get['"]\s*\]/.test(text)) return undefined;
  if (SECRETS_TYPE.test(text)) return SECRETS;
  if (LOGGER_TYPE.test(text)) return LOGGER;
  return CONTEXT_TYPE.test(text) ? CTX : undefined;
}

/** The type with its aliases, import names and generic bounds written out. */
function expand(type: string, file: SourceFile, scope: PackageScope, bounds: string): string {
  if (type.length > 400) return '';
  return type.replaceAll(/\b([A-Za-z_]\w*)(\.\w+)?/g, (all, word: string, rest: string | undefined) => {
    const entry = file.imports.find((i) => i.local === word);
    if (
      entry &&
      rest &&
      /^(?:Context|Secrets|Logger)$/.test(rest.slice(1)) &&
      entry.module.at(-1) === 'axiom'
    ) {
      return `axiom${rest}`;
    }
    if (entry?.symbol !== undefined && entry.symbol !== word) {
      const owner = entry.module.at(-1);
      return owner && CONTEXT_TYPE.test(owner) ? `${owner}.${entry.symbol}` : entry.symbol + (rest ?? '');
    }
    if (entry?.symbol && /^I?AxiomContext$/.test(entry.module.at(-1) ?? ''))
      return `AxiomContext.${entry.symbol}`;
    const alias = scope.typeAliases.get(word);
    if (alias !== undefined && alias.length < 400) return alias;
    if (bounds !== '' && /^[A-Z]\w?$/.test(word)) {
      return new RegExp(`\\b${word}\\b\\s*(?::|extends)\\s*[^,>{;]*`).exec(bounds)?.[0] ?? all;
    }
    return all;
  });
}
