/** Functions, methods and lambdas of all six languages, with their parameters. */

import { nameAt, nothingAt, plainParam, positional, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import { args } from './rules-calls';
import { emptyOf } from './rules-statements';
import { CONVERTS, INDEXER, type Class, type Expr, type Fn, type Param } from '../../ir/program';
import { child, childrenIn, childOf, type SyntaxNode } from './syntax';

/** A function made from a node, its body not looked at yet. */
export function newFunction(l: Lowering, node: SyntaxNode, name: string, cls: Class | undefined): Fn {
  return l.scope.newFn({
    name,
    file: l.file,
    cls,
    outer: l.fn,
    start: node.start,
    end: node.end,
    nameAt: child(node, 'name')?.start ?? node.start,
    bodyAt: child(node, 'body')?.start ?? node.end,
    isTest: l.inTest,
  });
}

/** Reads parameters and body into `fn`. */
export function fillFunction(l: Lowering, fn: Fn, node: SyntaxNode): void {
  l.within(fn, fn.cls, () => {
    const list =
      l.role(node, 'parameters', 'parameter') ?? childOf(node, 'parameter_list', 'formal_parameters');
    if (list) readParams(l, fn, list);
    if (node.type === 'compact_constructor_declaration') fn.params.push(...(fn.cls?.fieldParams ?? []));
    if (l.syntax.namesResults) fn.results = bindResults(l, child(node, 'result'));
    const chained = childOf(node, 'constructor_initializer');
    if (chained) chain(l, chained);
    const body = child(node, 'body') ?? childOf(node, 'arrow_expression_clause');
    if (!body) return;
    const answers = l.role(node, 'returns', ...(fn.name === CONVERTS ? ['type'] : []));
    const value = l.expecting(l.textOf(answers), () => l.lower(body));
    // Rust's last expression, an arrow's or lambda's expression.
    if (value.kind !== 'nothing') fn.returns.push(value);
  });
}

/** Go's named results are variables that are empty to begin with. */
const bindResults = (l: Lowering, result: SyntaxNode | undefined): string[] =>
  (result?.children ?? []).flatMap((part) => {
    const type = child(part, 'type');
    const empty = (type && emptyOf(l, type)) ?? nothingAt(part);
    return childrenIn(part, 'name').map((name) => {
      bind(l, name, empty);
      return l.textOf(name);
    });
  });

/** `: base(ax)`, `: this(ax, "NAME")`, `super(ax);`, `this(ax, "NAME");` */
export function chain(l: Lowering, node: SyntaxNode): void {
  const own = node.children.some((c) => c.type === 'this');
  l.fn.chained = { own, args: args(l, child(node, 'arguments') ?? childOf(node, 'argument_list')) };
}

const explicitConstructor: Rule = (l, node) => {
  chain(l, node);
  return nothingAt(node);
};

/** One identifier, or a list of parameters. */
function readParams(l: Lowering, fn: Fn, list: SyntaxNode): void {
  const single = /^(?:identifier|implicit_parameter)$/.test(list.type);
  for (const part of single ? [list] : list.children) {
    if (part.type === 'self_parameter') fn.self = 'self';
    // C#'s `params string[] names` has no node of its own.
    else if (l.syntax.restIsBare && part.field === 'type') continue;
    else if (l.syntax.restIsBare && part.type === 'identifier' && !single)
      fn.params.push({ ...plainParam(l.textOf(part)), rest: true });
    else for (const param of readParam(l, fn, part)) fn.params.push(param);
  }
}

const BARE_PATTERN = /^(?:tuple|struct|tuple_struct|slice|reference)_pattern$/;

const UNNAMED =
  /^(?:keyword_separator|positional_separator|receiver_parameter|attribute_item|modifier|modifiers)$/;

function readParam(l: Lowering, fn: Fn, part: SyntaxNode): Param[] {
  if (UNNAMED.test(part.type)) return [];
  if (/^(?:identifier|implicit_parameter)$/.test(part.type)) return [plainParam(l.textOf(part))];
  const type = l.textOf(child(part, 'type')).replace(/^:\s*/, '');
  const rest = restOf(part);
  const fallback = l.role(part, 'value') ?? (l.syntax.valuesAreUnnamed ? defaultOf(part) : undefined);
  const given = fallback ? l.lower(fallback) : undefined;
  const names = childrenIn(part, 'name');
  if (l.syntax.sharesTypes)
    return (names.length > 0 ? names : [part]).map((n) => ({
      ...plainParam(goName(l, n, names), type),
      rest,
    }));
  // Rust's `|(name, value)|` is a pattern without a parameter around it.
  const target = BARE_PATTERN.test(part.type) ? part : (l.role(part, 'pattern', 'name') ?? nameIn(part));
  if (!target) return [{ name: '', type, default: given, rest }];
  const isName = /^(?:identifier|this|self)$/.test(target.type);
  const name = isName ? l.textOf(target) : target.type === 'rest_pattern' ? l.textOf(target.children[0]) : '';
  if (l.syntax.parametersAreFields && FIELD_WORDS.test(l.text.slice(part.start, target.start)))
    property(l, fn, name, type);
  if (l.syntax.extensionMethods && part.children.some((c) => l.textOf(c) === 'this')) fn.extendsType = type;
  if (name === '' && target.type !== 'identifier') takeApart(l, fn, target);
  return [{ name, type, default: given, rest }];
}

/** What makes a field of a constructor's parameter. */
const FIELD_WORDS = /\b(?:public|private|protected|readonly|override)\s+$/;

const restOf = (part: SyntaxNode): Param['rest'] => {
  if (part.type === 'dictionary_splat_pattern' || childOf(part, 'dictionary_splat_pattern')) return 'named';
  return (
    /splat|spread|variadic/.test(part.type) ||
    childOf(part, 'rest_pattern', 'list_splat_pattern') !== undefined
  );
};

/** `func(string) error` has types where others have names. */
const goName = (l: Lowering, node: SyntaxNode, names: readonly SyntaxNode[]): string =>
  names.length > 0 ? l.textOf(node) : '';

const defaultOf = (part: SyntaxNode): SyntaxNode | undefined => {
  const last = part.children.at(-1);
  return last && last.field === '' && !/modifier|attribute/.test(last.type) ? last : undefined;
};

const nameIn = (part: SyntaxNode): SyntaxNode | undefined => {
  const found = childOf(
    part,
    'identifier',
    'variable_declarator',
    'list_splat_pattern',
    'dictionary_splat_pattern',
  );
  return found && found.type !== 'identifier' ? childOf(found, 'identifier') : found;
};

/** TypeScript's `constructor(private readonly ax: AxiomContext)` declares and fills a field. */
function property(l: Lowering, fn: Fn, name: string, type: string): void {
  fn.cls?.types.set(name, type);
  const at = { start: fn.start, end: fn.start };
  l.fn.stores.push({ target: { kind: 'this', ...at }, field: name, value: { kind: 'name', name, ...at } });
}

/** `({ secrets }: AxiomContext) => …`: the parameter goes by a name that no source can have. */
function takeApart(l: Lowering, fn: Fn, target: SyntaxNode): void {
  const value: Expr = { kind: 'name', name: `#${fn.params.length}`, start: target.start, end: target.start };
  bind(l, target, value);
}

/** A function with a name, in a function or at the top. */
export const fnDefinition: Rule = (l, node) => {
  const name = l.textOf(child(node, 'name'));
  const cls = l.cls;
  const fn = newFunction(l, node, name, cls);
  if (cls && l.fn === cls.scope) addMethod(l, cls, fn, node);
  else if (!l.fn.fns.has(name)) l.fn.fns.set(name, fn);
  fillFunction(l, fn, node);
  if (fn.cls && fn.outer === fn.cls.scope) takeSelf(l, fn);
  return nothingAt(node);
};

function addMethod(l: Lowering, cls: Class, fn: Fn, node: SyntaxNode): void {
  // A declaration without a body, or an overload of an interface, is not an answer to a call.
  if (!child(node, 'body') && !childOf(node, 'arrow_expression_clause')) {
    cls.abstracts.add(fn.name);
    return;
  }
  const isConstructor = /constructor/.test(node.type) || fn.name === '__init__';
  const name = isConstructor || fn.name === 'constructor' ? 'constructor' : fn.name;
  const known = cls.methods.get(name);
  const all = [...(known?.overloads ?? []), fn];
  for (const overload of all) overload.overloads = all;
  if (!known || known.params.length === 0) cls.methods.set(name, fn);
  else cls.methods.set(`${name}/${cls.methods.size}`, fn);
  const before = l.text.slice(node.start, Math.max(node.start, child(node, 'name')?.start ?? node.start));
  fn.isStatic = /\bstatic\b/.test(before);
  if (l.syntax.getWord) fn.isGetter = /\bget\s+$/.test(before);
}

/** Python's first parameter is the receiver. */
function takeSelf(l: Lowering, fn: Fn): void {
  if (l.syntax.receiver !== 'first') {
    if (l.syntax.receiver === 'self') fn.isStatic = fn.self === undefined;
    return;
  }
  const before = l.text.slice(Math.max(0, fn.start - 200), fn.start);
  const [decorators = ''] = /(?:@[^\n]*\s*)*$/.exec(before) ?? [];
  fn.isGetter = /@(?:\w+\.)*(?:cached_)?property\s/.test(decorators);
  if (/@staticmethod\s/.test(decorators)) fn.isStatic = true;
  else fn.self = fn.params.shift()?.name;
}

/** Go: `func (c *Client) Token() string`. */
const goMethod: Rule = (l, node) => {
  const receiver = child(node, 'receiver')?.children[0];
  const type = l.textOf(receiver && child(receiver, 'type')).replace(/^\*|\[.*$/g, '');
  const cls = spreadClass(l, type, node);
  const fn = newFunction(l, node, l.textOf(child(node, 'name')), cls);
  fn.self = receiver && l.textOf(child(receiver, 'name'));
  cls.methods.set(fn.name, fn);
  fillFunction(l, fn, node);
  return nothingAt(node);
};

/** A type whose parts are apart: Go methods, Rust impl blocks, C# partial classes. */
export function spreadClass(l: Lowering, name: string, node: SyntaxNode): Class {
  const folder = l.syntax.typesPerFolder ? l.file.path.slice(0, l.file.path.lastIndexOf('/') + 1) : '';
  const key = `${folder}${l.namespace}#${name}`;
  let cls = l.scope.spreadClasses.get(key);
  if (!cls) {
    cls = l.scope.newClass(name, l.file, l.file.top, node, l.namespace);
    l.scope.spreadClasses.set(key, cls);
  }
  if (!l.fn.classes.has(name)) l.fn.classes.set(name, cls);
  return cls;
}

const lambda: Rule = (l, node) => {
  const fn = newFunction(l, node, l.textOf(child(node, 'name')), l.cls);
  fillFunction(l, fn, node);
  return l.use({ kind: 'lambda', fn, start: node.start, end: node.end });
};

/** A method inside an object literal. */
const objectMethod: Rule = (l, node) =>
  l.cls && l.fn === l.cls.scope ? fnDefinition(l, node) : lambda(l, node);

/** C#: `string Key => "x";` is a method that reads as a field. */
function arrowProperty(l: Lowering, node: SyntaxNode, name: string, type: string): void {
  const fn = newFunction(l, node, name, l.cls);
  fn.isGetter = true;
  fn.isStatic = /\bstatic\b/.test(l.text.slice(node.start, child(node, 'name')?.start ?? node.start));
  l.within(fn, fn.cls, () => fn.returns.push(l.expecting(type, () => l.in(node, 'value'))));
  l.cls?.methods.set(name, fn);
}

/** C#: `string Key { get; } = "x";` is a value, `{ get { … } }` a method. */
const propertyDefinition: Rule = (l, node) => {
  const name = l.textOf(child(node, 'name'));
  const type = l.textOf(child(node, 'type'));
  l.cls?.types.set(name, type);
  const value = child(node, 'value');
  if (value?.type === 'arrow_expression_clause') arrowProperty(l, node, name, type);
  else if (value)
    l.cls?.values.set(
      name,
      l.expecting(type, () => l.lower(value)),
    );
  const accessors = child(node, 'accessors');
  l.property = name;
  if (accessors) l.lower(accessors);
  l.property = '';
  return nothingAt(node);
};

/** C#: `string this[string name] => …`. */
const indexer: Rule = (l, node) => {
  const fn = newFunction(l, node, INDEXER, l.cls);
  const value = child(node, 'value');
  const getter = child(node, 'accessors')?.children[0];
  l.within(fn, fn.cls, () => {
    readParams(l, fn, child(node, 'parameters') ?? node);
    if (value) fn.returns.push(l.lower(value));
    const body = getter && child(getter, 'body');
    if (body) l.lower(body);
  });
  l.cls?.methods.set(INDEXER, fn);
  return nothingAt(node);
};

/** C#: `public static implicit operator Secret(string value) => new(value);` */
const conversion: Rule = (l, node) => {
  const type = l.textOf(child(node, 'type'));
  const fn = newFunction(l, node, CONVERTS, l.cls);
  fn.isStatic = true;
  fillFunction(l, fn, node);
  if (l.cls && type === l.cls.name) l.cls.methods.set(CONVERTS, fn);
  return nothingAt(node);
};

const accessor: Rule = (l, node) => {
  const fn = newFunction(l, node, '', l.cls);
  fillFunction(l, fn, node);
  if (/^\s*get\b/.test(l.textOf(node)) && l.property !== '' && child(node, 'body')) {
    fn.isGetter = true;
    l.cls?.methods.set(l.property, fn);
  }
  return l.use({ kind: 'lambda', fn, start: node.start, end: node.end });
};

/** `new Task(ax) { … }`: a class of its own below the one that is named; its methods may be called from anywhere. */
export function anonymousClass(l: Lowering, type: SyntaxNode, body: SyntaxNode): string {
  const base = l.textOf(type).replace(/<.*$/s, '').replace(/^.*\./s, '');
  const cls = l.scope.newClass(`${base}$${body.start}`, l.file, l.fn, body);
  cls.bases.push(base);
  l.fn.classes.set(cls.name, cls);
  l.within(cls.scope, cls, () => l.lowerAll(body.children));
  for (const method of cls.methods.values())
    l.use({ kind: 'lambda', fn: method, start: body.start, end: body.end });
  return cls.name;
}

/** Decorators of the language itself, which hand nothing on. */
const BUILT_IN =
  /^@(?:[\w.]+\.)?(?:property|cached_property|staticmethod|classmethod|abstractmethod|overload|override|final|dataclass|setter|deleter|wraps|(?:async)?contextmanager)\b/;

/** Python: a decorator is a call, with what is below it; what it reads, it reads in the run of that function. */
const decorated: Rule = (l, node) => {
  const definition = child(node, 'definition');
  if (definition) l.lower(definition);
  const name = l.textOf(definition && child(definition, 'name'));
  const isFunction = definition?.type === 'function_definition';
  const fn = isFunction ? (l.fn.fns.get(name) ?? l.cls?.methods.get(name)) : undefined;
  const decorators = node.children.filter((c) => c !== definition);
  const at = { start: node.start, end: node.end };
  const apply = (): Expr | undefined => {
    let below: Expr = fn ? { kind: 'lambda', fn, ...at } : l.use(nameAt(node, name));
    for (const decorator of decorators.toReversed()) {
      const callee = l.lowerAll(decorator.children)[0];
      if (!callee || BUILT_IN.test(l.textOf(decorator))) continue;
      const { start, end } = callee;
      below = l.use({ kind: 'call', callee, args: [positional(below)], construct: false, start, end });
    }
    return below.kind === 'call' ? below : undefined;
  };
  if (fn) l.within(fn, fn.cls, () => (fn.decorated = apply()));
  else apply();
  return nothingAt(node);
};

const table: readonly (readonly [Rule, string])[] = [
  [decorated, 'decorated_definition'],
  [
    fnDefinition,
    'function_definition function_declaration function_item local_function_statement method_declaration ' +
      'constructor_declaration compact_constructor_declaration generator_function_declaration function_signature_item',
  ],
  [objectMethod, 'method_definition'],
  [
    lambda,
    'lambda arrow_function function_expression generator_function func_literal closure_expression lambda_expression ' +
      'anonymous_method_expression',
  ],
  [explicitConstructor, 'explicit_constructor_invocation'],
  [propertyDefinition, 'property_declaration'],
  [indexer, 'indexer_declaration'],
  [conversion, 'conversion_operator_declaration'],
  [accessor, 'accessor_declaration'],
];

export const FUNCTION_RULES: ReadonlyMap<string, Rule> = new Map([
  ...table.flatMap(([rule, types]) => types.split(' ').map((type) => [type, rule] as const)),
  [
    'method_declaration',
    (l, node) => (child(node, 'receiver') ? goMethod(l, node) : fnDefinition(l, node)),
  ] as const,
]);
