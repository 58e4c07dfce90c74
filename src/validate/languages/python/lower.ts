/** Python's syntax: names live in functions, methods name their receiver, class bodies bind. */

import { pythonImport } from '../common/rules-imports';
import { nothingAt, plainParam, type Lowering, type Rule } from '../common/lowering';
import { literalValue } from '../common/literals';
import { EXPRESSION_RULES } from '../common/rules-expressions';
import { child, type SyntaxNode } from '../common/syntax';
import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  debugs: /(?:![ra]\s*(?::[^}]*)?|=\s*)\}$/,
  indexers: true,
  percentFormats: true,
  conditionIsSecond: true,
  receiver: 'first',
  classBodiesBind: true,
  blocksHaveNames: false,
  loopsGiveKeys: true,
  showsFields: (_node, before, bases) =>
    /@(?:[\w.]*dataclass|attrs?\.\w+|define|frozen)(?:\((?![^)]*\brepr\s*=\s*False)[^)]*\))?\s*$/.test(
      before,
    ) || bases.some((base) => /^(?:\w+\.)?(?:NamedTuple|BaseModel|BaseSettings|Struct)$/.test(base)),
};

/** `global client`, `nonlocal client`. */
const outer: Rule = (l, node) => {
  for (const name of node.children) l.sayOuter(l.textOf(name));
  return nothingAt(node);
};

/** `Point = namedtuple("Point", ["x", "y"])` is a class of these fields. */
const assignment: Rule = (l, node) => {
  const made = child(node, 'right');
  const name = child(node, 'left');
  const fields = made?.type === 'call' && name?.type === 'identifier' ? tupleFields(l, made) : [];
  if (!name || fields.length === 0) return EXPRESSION_RULES.get('assignment')?.(l, node) ?? l.other(node);
  const cls = l.scope.newClass(l.textOf(name), l.file, l.fn, node);
  cls.showsFields = true;
  for (const field of fields) {
    cls.fieldParams.push(plainParam(field));
    cls.types.set(field, '');
  }
  l.fn.classes.set(cls.name, cls);
  return nothingAt(node);
};

/** The fields of a named tuple: a list of texts or pairs, or one text of several words. */
function tupleFields(l: Lowering, call: SyntaxNode): readonly string[] {
  if (!/(?:^|\.)(?:namedtuple|NamedTuple)$/.test(l.textOf(child(call, 'function')))) return [];
  const given = child(call, 'arguments')?.children[1];
  if (given?.type === 'string')
    return literalValue(l.textOf(given))
      .split(/[\s,]+/)
      .filter(Boolean);
  return (given?.children ?? []).flatMap((part) => {
    const text = part.type === 'tuple' ? part.children[0] : part;
    return text?.type === 'string' ? literalValue(l.textOf(text)) : [];
  });
}

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['import_statement', pythonImport],
  ['assignment', assignment],
  ['global_statement', outer],
  ['nonlocal_statement', outer],
]);
