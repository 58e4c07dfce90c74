/** JavaScript before it had modules and classes: `module.exports = x`, and functions that are made objects of. */

import { nothingAt, type Lowering, type Rule } from '../common/lowering';
import { assignment } from '../common/rules-expressions';
import { fillFunction, fnDefinition, newFunction } from '../common/rules-functions';
import { child, type SyntaxNode } from '../common/syntax';
import { WHOLE, type Class, type Expr } from '../../ir/program';

/** `X.prototype.m`, `X.prototype`. */
const PROTOTYPE = /^(?:\w+\.)*([A-Za-z_$][\w$]*)\.prototype(?:\.(\w+))?$/;
/** `module.exports`, `exports.f`, `module.exports.f`. */
const EXPORTS = /^(?:(?:module\.)?exports\.(\w+)|module\.exports)$/;

const isFunction = (node: SyntaxNode): boolean =>
  /^(?:function_expression|arrow_function|generator_function)$/.test(node.type);

export const commonAssignment: Rule = (l, node) => {
  const left = child(node, 'left');
  const right = child(node, 'right');
  if (!left || !right || left.type !== 'member_expression') return assignment(l, node);
  const target = l.textOf(left);
  const [, owner = '', member] = PROTOTYPE.exec(target) ?? [];
  const cls = owner === '' ? undefined : classNamed(l, owner);
  if (cls && member !== undefined && isFunction(right)) {
    method(l, cls, member, right);
    return nothingAt(left);
  }
  if (cls && right.type === 'object') {
    for (const part of right.children) prototypeMember(l, cls, part);
    return nothingAt(left);
  }
  const [offers, name] = EXPORTS.exec(target) ?? [];
  const value = assignment(l, node);
  if (offers !== undefined && l.fn === l.file.top) offer(l, name, value);
  return value;
};

/** What another file gets: one thing under its name, or all that the module is. */
function offer(l: Lowering, name: string | undefined, value: Expr): void {
  const bind = (as: string, of: Expr): void => {
    if (of.kind === 'name' ? of.name !== as : !l.fn.fns.has(as)) l.bindName(as, of);
  };
  if (name !== undefined) return bind(name, value);
  l.bindName(WHOLE, value);
  if (value.kind !== 'record') return;
  for (const { key, value: part } of value.entries) if (typeof key === 'string') bind(key, part);
}

/** A function whose `this` is given fields, or whose prototype methods, is a class; its body is the constructor. */
export const commonFunction: Rule = (l, node) => {
  const name = l.textOf(child(node, 'name'));
  const body = l.textOf(child(node, 'body'));
  const isClass =
    /^[A-Z]/.test(name) &&
    l.cls === undefined &&
    (/\bthis\.\w+\s*=(?!=)/.test(body) || l.text.includes(`${name}.prototype.`));
  if (!isClass) return fnDefinition(l, node);
  const cls = l.scope.newClass(name, l.file, l.fn, node, l.namespace);
  l.fn.classes.set(name, cls);
  method(l, cls, 'constructor', node);
  return nothingAt(node);
};

const classNamed = (l: Lowering, name: string): Class | undefined => {
  for (let fn: Lowering['fn'] | undefined = l.fn; fn; fn = fn.outer) {
    const found = fn.classes.get(name);
    if (found) return found;
  }
  return undefined;
};

function prototypeMember(l: Lowering, cls: Class, part: SyntaxNode): void {
  const value = child(part, 'value');
  if (part.type === 'method_definition') method(l, cls, l.textOf(child(part, 'name')), part);
  else if (value && isFunction(value)) method(l, cls, l.textOf(child(part, 'key')), value);
  else if (value) l.lower(value);
}

function method(l: Lowering, cls: Class, name: string, node: SyntaxNode): void {
  l.within(cls.scope, cls, () => {
    const fn = newFunction(l, node, name, cls);
    fn.overloads = [fn];
    cls.methods.set(name, fn);
    fillFunction(l, fn, node);
  });
}
