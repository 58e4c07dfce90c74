/** Classes, structs, enums, traits and type aliases of all six languages. */

import { emptyRecord } from './growth';
import { nameAt, nothingAt, plainParam, positional, type Lowering, type Rule } from './lowering';
import type { Class } from '../../ir/program';
import { chain, spreadClass } from './rules-functions';
import { child, childrenIn, childOf, type SyntaxNode } from './syntax';

const classDefinition: Rule = (l, node) => {
  const name = l.textOf(child(node, 'name'));
  const cls = l.syntax.partialClasses
    ? spreadClass(l, name, node)
    : l.scope.newClass(name, l.file, l.fn, node, l.namespace);
  if (!l.fn.classes.has(name)) l.fn.classes.set(name, cls);
  l.cls?.classes.set(name, cls);
  if (!l.file.top.classes.has(name)) l.file.top.classes.set(name, cls);
  for (const part of node.children) {
    if (/superclass|heritage|base_list|interfaces|extends/.test(part.type + part.field)) {
      cls.bases.push(
        ...l
          .textOf(part)
          .split(/[^\w.]+/)
          .filter((w) => /^(?:\w+\.)*[A-Z]\w*$/.test(w) || l.file.imports.some(({ local }) => local === w))
          .map((w) => w.replace(/^.*\./, '')),
      );
    }
  }
  noteShown(l, cls, node);
  cls.isEnum ||= node.type === 'enum_declaration' || cls.bases.some((base) => /Enum$/.test(base));
  const body = child(node, 'body');
  l.within(cls.scope, cls, () => {
    const primary = childOf(node, 'parameter_list') ?? child(node, 'parameters');
    if (primary) fieldParams(l, cls, primary);
    const above = childOf(node, 'base_list');
    if (above && childOf(above, 'argument_list')) chain(l, above);
    if (body) l.lowerAll(body.children);
  });
  if (l.syntax.classBodiesBind) boundFields(l, cls, node);
  return nothingAt(node);
};

/** What is written before a type that tells how its objects print: Python's decorators, Rust's attributes. */
const BEFORE = 400;

function noteShown(l: Lowering, cls: Class, node: SyntaxNode): void {
  const before = l.text.slice(Math.max(0, node.start - BEFORE), node.start);
  cls.showsFields ||= l.syntax.showsFields(node.type, before, cls.bases);
}

/** Records and primary constructors: parameters that are fields. */
function fieldParams(l: Lowering, cls: Class, list: SyntaxNode): void {
  for (const part of list.children) {
    const name = l.textOf(child(part, 'name'));
    if (name === '') continue;
    const type = l.textOf(child(part, 'type'));
    const fallback = part.children.at(-1);
    const given = l.syntax.valuesAreUnnamed && fallback?.field === '' && part.children.length > 2;
    cls.fieldParams.push({ ...plainParam(name, type), default: given ? l.lower(fallback) : undefined });
    cls.types.set(name, type);
  }
}

/** A Python class body binds names: constants, and the fields of a dataclass or NamedTuple. */
function boundFields(l: Lowering, cls: Class, node: SyntaxNode): void {
  for (const [name, [first]] of cls.scope.bindings) if (first) cls.values.set(name, first.value);
  const body = child(node, 'body');
  for (const statement of body?.children ?? []) {
    const assignment = statement.children[0];
    const left = assignment?.type === 'assignment' ? child(assignment, 'left') : undefined;
    const type = assignment && child(assignment, 'type');
    if (!left || !type) continue;
    cls.types.set(l.textOf(left), l.textOf(type));
    if (/\brepr\s*=\s*False\b/.test(l.textOf(assignment))) cls.hidden.add(l.textOf(left));
    cls.fieldParams.push({
      ...plainParam(l.textOf(left), l.textOf(type)),
      default: cls.values.get(l.textOf(left)),
    });
  }
}

/** Fields of Java, C# and TypeScript classes, of Go and Rust structs. */
const field: Rule = (l, node) => {
  const cls = l.cls;
  if (!cls) return l.nothing(node);
  const declaration = childOf(node, 'variable_declaration') ?? node;
  const type = l.textOf(child(declaration, 'type')).replace(/^:\s*/, '');
  const declarators = declaration.children.filter((c) => c.type === 'variable_declarator');
  for (const part of declarators.length > 0 ? declarators : [node]) {
    const names = declarators.length > 0 ? [child(part, 'name')] : childrenIn(part, 'name');
    for (const name of names) if (name) cls.types.set(l.textOf(name), type);
    if (l.scope.language.embeds && names.length === 0) embed(cls, type);
    const value = child(part, 'value') ?? (l.syntax.valuesAreUnnamed ? initialValue(part) : undefined);
    const [name] = names;
    if (value && name)
      cls.values.set(
        l.textOf(name),
        l.expecting(type, () => l.lower(value)),
      );
  }
  return nothingAt(node);
};

/** Go: `struct { *Store; axiom.Context }` has what they have. */
function embed(cls: Class, type: string): void {
  const name = /(\w+)(?:\[.*)?$/s.exec(type)?.[1] ?? type;
  cls.types.set(name, type);
  cls.bases.push(name);
}

const initialValue = (declarator: SyntaxNode): SyntaxNode | undefined => {
  const last = declarator.children.at(-1);
  return declarator.type === 'variable_declarator' && last?.field === '' ? last : undefined;
};

/** Java and TypeScript enum members: objects, or texts. */
const enumMember: Rule = (l, node) => {
  const name = l.textOf(child(node, 'name'));
  const value = child(node, 'value');
  if (!l.cls) return l.nothing(node);
  if (value && !l.syntax.enumsAreNumbers) {
    l.cls.values.set(name, l.lower(value));
  } else {
    const args = (child(node, 'arguments')?.children ?? []).map((c) => positional(l.lower(c)));
    const type = nameAt(node, constantClass(l, l.cls, name, node));
    l.cls.values.set(name, { ...emptyRecord(node), type, args });
  }
  return nothingAt(node);
};

/** The class of an enum's constant: its own when it has a body. */
function constantClass(l: Lowering, of: Class, name: string, node: SyntaxNode): string {
  const body = childOf(node, 'class_body');
  if (!body) return of.name;
  const cls = l.scope.newClass(`${of.name}$${name}`, l.file, l.fn, node);
  cls.bases.push(of.name);
  l.fn.classes.set(cls.name, cls);
  l.within(cls.scope, cls, () => l.lowerAll(body.children));
  return cls.name;
}

/** Go: `type C struct {…}`, `type Ctx = axiom.Context`, `type Reader interface {…}`. */
const goType: Rule = (l, node) => {
  const name = l.textOf(child(node, 'name'));
  const type = child(node, 'type');
  if (type?.type !== 'struct_type') {
    if (type?.type === 'interface_type') goInterface(l, name, type);
    else if (type) l.scope.typeAliases.set(name, l.textOf(type));
    return nothingAt(node);
  }
  const cls = spreadClass(l, name, node);
  noteShown(l, cls, node);
  l.within(cls.scope, cls, () => l.lowerAll(type.children));
  return nothingAt(node);
};

function goInterface(l: Lowering, name: string, { children, start, end }: SyntaxNode): void {
  const methods = children.filter(({ type }) => type === 'method_elem');
  const embedded = children.filter(({ type }) => type === 'type_elem');
  l.scope.interfaces.push({
    name,
    file: l.file,
    outer: l.fn,
    methods: methods.map((method) => l.textOf(child(method, 'name'))),
    embedded: embedded.map((part) => l.textOf(part)),
    start,
    end,
  });
}

const alias: Rule = (l, node) => {
  const value = l.role(node, 'value', 'type');
  l.scope.typeAliases.set(l.textOf(child(node, 'name')), l.textOf(value));
  return nothingAt(node);
};

/** Rust's structs and enums; the variants of an enum are objects of it. */
export const rustStruct: Rule = (l, node) => {
  const cls = spreadClass(l, l.textOf(child(node, 'name')), node);
  noteShown(l, cls, node);
  const body = child(node, 'body');
  if (body && node.type === 'struct_item') l.within(cls.scope, cls, () => l.lowerAll(body.children));
  cls.hasVariants ||= node.type === 'enum_item';
  for (const variant of node.type === 'enum_item' ? (body?.children ?? []) : []) {
    const type = nameAt(node, 'Self');
    cls.values.set(l.textOf(child(variant, 'name')), { ...emptyRecord(variant), type });
  }
  return nothingAt(node);
};

/** The type that an `impl` is of. */
export function implemented(l: Lowering, node: SyntaxNode): Class {
  const text = l.textOf(l.role(node, 'type', 'name'));
  const name = /([A-Za-z_]\w*)\s*(?:<.*)?$/s.exec(text.replace(/<.*$/s, ''))?.[1] ?? text;
  return spreadClass(l, name, node);
}

/** Rust: `impl T {…}`, `impl Trait for T {…}`; traits themselves hold default methods. */
export const impl: Rule = (l, node) => {
  const text = l.textOf(l.role(node, 'type', 'name'));
  const cls = implemented(l, node);
  const known = new Set(cls.methods.values());
  l.within(cls.scope, cls, () => {
    for (const part of child(node, 'body')?.children ?? []) {
      const constant = part.type === 'const_item' ? child(part, 'value') : undefined;
      if (constant) cls.values.set(l.textOf(child(part, 'name')), l.lower(constant));
      else l.lower(part);
    }
  });
  const trait = child(node, 'trait');
  if (trait) cls.bases.push(l.textOf(trait).replace(/<.*$/s, ''));
  for (const method of cls.methods.values()) {
    if (!known.has(method) && (child(node, 'trait') || node.type === 'trait_item')) method.extendsType = text;
  }
  return nothingAt(node);
};

/** Rust modules in a file are looked through; test modules are marked. */
const rustModule: Rule = (l, node) => {
  const body = child(node, 'body');
  if (!body) return nothingAt(node);
  const before = l.text.slice(Math.max(0, node.start - 120), node.start);
  const outer = l.inTest;
  l.inTest = outer || /#\[cfg\([^\]]*\btest\b[^\]]*\)\]\s*(?:pub\s+)?$/.test(before);
  if (!l.inTest) {
    // What it holds is held as the file's own: `keys::TOKEN` is looked for there.
    const file = l.file.path.replace(/\.rs$/, '').replace(/\/mod$/, '');
    l.addImport({
      local: l.textOf(child(node, 'name')),
      module: [file.slice(file.lastIndexOf('/') + 1)],
      symbol: undefined,
    });
    l.lowerAll(body.children);
  } else if (l.readsTests) {
    l.lowerAll(body.children);
  }
  l.inTest = outer;
  return nothingAt(node);
};

/** Java: `package a.b;`. */
const packageDeclaration: Rule = (l, node) => {
  l.namespace = l.textOf(childOf(node, 'scoped_identifier', 'identifier'));
  return nothingAt(node);
};

/** C#: `namespace A.B { … }`, `namespace A.B;`. */
const namespace: Rule = (l, node) => {
  const outer = l.namespace;
  const name = l.textOf(child(node, 'name'));
  l.namespace = outer === '' ? name : `${outer}.${name}`;
  const body = child(node, 'body');
  if (!body) return nothingAt(node);
  l.lowerAll(body.children);
  l.namespace = outer;
  return nothingAt(node);
};

const table: readonly (readonly [Rule, string])[] = [
  [
    classDefinition,
    'class_definition class_declaration abstract_class_declaration class interface_declaration enum_declaration ' +
      'record_declaration record_struct_declaration struct_declaration',
  ],
  [field, 'field_declaration event_field_declaration public_field_definition constant_declaration'],
  [enumMember, 'enum_assignment enum_constant enum_member_declaration'],
  [goType, 'type_spec'],
  [alias, 'type_alias type_alias_declaration type_item type_alias_statement'],
  [rustStruct, 'struct_item enum_item union_item'],
  [impl, 'impl_item trait_item'],
  [rustModule, 'mod_item'],
  [packageDeclaration, 'package_declaration'],
  [namespace, 'namespace_declaration file_scoped_namespace_declaration'],
];

export const TYPE_RULES: ReadonlyMap<string, Rule> = new Map(
  table.flatMap(([rule, types]) => types.split(' ').map((type) => [type, rule] as const)),
);
