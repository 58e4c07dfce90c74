/** How thiserror's errors print: `#[error("GET {url} answered {status}")]` before a struct or a variant. */

import { debugAt, step, type Lowering, type Rule } from '../common/lowering';
import { newFunction, spreadClass } from '../common/rules-functions';
import { rustStruct } from '../common/rules-types';
import { WITH_FIELDS, type Expr } from '../../ir/program';
import { child, type SyntaxNode } from '../common/syntax';

/** The attribute, and what stands between it and what it is of. */
const ATTRIBUTE =
  /#\[(?:error|display|snafu\(\s*display)\(\s*(?:transparent|"((?:[^"\\]|\\.)*)"([^\]]*?))\s*\)+\]\s*(?:(?:#\[[^\]]*\]|\/\/[^\n]*|pub(?:\([^)]*\))?)\s*)*$/;
/** Attributes are not looked for further before what they are of. */
const BEFORE = 600;
/** What stands for a field: `{url}`, `{0}`, `{source:?}`. */
const FIELD = /\{\{|\}\}|\{(\w*)(:[^{}]*)?\}/g;

/** A struct or enum that says so how it prints has a method that does. */
export const typeThatPrints: Rule = (l, node) => {
  const made = rustStruct(l, node);
  const isEnum = node.type === 'enum_item';
  const parts = isEnum ? (child(node, 'body')?.children ?? []).filter((part) => child(part, 'name')) : [node];
  const texts = parts.flatMap((part) => textOf(l, part, isEnum) ?? []);
  if (texts.length === 0) return made;
  const cls = spreadClass(l, l.textOf(child(node, 'name')), node);
  l.within(cls.scope, cls, () => {
    const fn = newFunction(l, node, 'fmt', cls);
    fn.self = 'self';
    fn.returns.push(...texts);
    cls.methods.set('fmt', fn);
  });
  return made;
};

/** What one of them prints; undefined where it says nothing of that. */
function textOf(l: Lowering, part: SyntaxNode, isVariant: boolean): Expr | undefined {
  const found = ATTRIBUTE.exec(l.text.slice(Math.max(0, part.start - BEFORE), part.start));
  if (!found) return undefined;
  const [, template = '{0}', others = ''] = found;
  const at = { start: part.start, end: part.start };
  const self: Expr = { kind: 'this', ...at };
  const of = isVariant ? step(self, WITH_FIELDS + fieldsOf(l, part).join()) : self;
  const field = (name: string, shown = ''): Expr => {
    const value = step(of, /^\d+$/.test(name) ? `[${name}]` : `.${name}`);
    return shown.endsWith('?') ? debugAt(value) : value;
  };
  const named = [...template.matchAll(FIELD)].flatMap(([, name = '', shown]) =>
    name === '' ? [] : field(name, shown),
  );
  // `#[error("bad {}", .0)]`: what has no name is written behind the template.
  const given = [...others.matchAll(/(?:self)?\.(\w+)/g)].map(([, name = '']) => field(name));
  return { kind: 'concat', parts: [{ kind: 'str', value: '', ...at }, ...named, ...given], ...at };
}

/** The names, or numbers, of a variant's fields. */
function fieldsOf(l: Lowering, variant: SyntaxNode): readonly string[] {
  const body = child(variant, 'body')?.children ?? [];
  const named = body.flatMap((part) =>
    part.type === 'field_declaration' ? l.textOf(child(part, 'name')) : [],
  );
  if (named.length > 0) return named.sort();
  return body.filter(({ type }) => type !== 'attribute_item').map((_, i) => String(i));
}
