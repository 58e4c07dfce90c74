/** What a file takes from other files, in all six languages. */

import { nameAt, nothingAt, type Lowering, type Rule } from './lowering';
import { STATIC_IMPORT } from '../../ir/program';
import { literalValue } from './literals';
import { child, childrenIn, childOf, type SyntaxNode } from './syntax';

/** Stands for all that a module or namespace offers. */
const ALL = '*';

/** `import a.b as c`, `from .x import f as g`. */
export const pythonImport: Rule = (l, node) => {
  const from = child(node, 'module_name');
  if (from && childOf(node, 'wildcard_import'))
    l.addImport({ local: ALL, module: l.textOf(from).split('.'), symbol: undefined });
  for (const part of childrenIn(node, 'name')) {
    const name = l.textOf(child(part, 'name') ?? part);
    const alias = child(part, 'alias');
    const path = name.split('.');
    if (from) {
      const module = l.textOf(from).split('.');
      l.addImport({ local: alias ? l.textOf(alias) : name, module, symbol: name });
    } else if (alias) {
      l.addImport({ local: l.textOf(alias), module: path, symbol: undefined });
    } else {
      l.addImport({ local: path[0] ?? name, module: path, symbol: undefined });
    }
  }
  return nothingAt(node);
};

const goImport: Rule = (l, node) => {
  const path = literalValue(l.textOf(child(node, 'path'))).split('/');
  const alias = child(node, 'name');
  const local = alias ? l.textOf(alias).replace(/^\.$/, ALL) : (path.at(-1) ?? '');
  l.addImport({ local, module: path, symbol: undefined });
  return nothingAt(node);
};

export const typescriptImport: Rule = (l, node) => {
  const source = child(node, 'source');
  if (!source) return l.nothing(node);
  const module = [literalValue(l.textOf(source))];
  for (const clause of childOf(node, 'import_clause')?.children ?? []) {
    if (clause.type === 'identifier') l.addImport({ local: l.textOf(clause), module, symbol: 'default' });
    else if (clause.type === 'namespace_import') {
      l.addImport({ local: l.textOf(clause.children[0]), module, symbol: undefined });
    } else for (const part of clause.children) specifier(l, part, module);
  }
  return nothingAt(node);
};

function specifier(l: Lowering, part: SyntaxNode, module: readonly string[]): void {
  const symbol = l.textOf(child(part, 'name'));
  if (symbol === '') return;
  l.addImport({ local: l.textOf(child(part, 'alias') ?? child(part, 'name')), module, symbol });
}

/** `export { a } from '../../x'` is an import as well; `export default x` binds the name `default`. */
const typescriptExport: Rule = (l, node) => {
  const source = child(node, 'source');
  const clause = childOf(node, 'export_clause');
  if (source) {
    const module = [literalValue(l.textOf(source))];
    for (const part of clause?.children ?? []) specifier(l, part, module);
    const all = childOf(node, 'namespace_export')?.children[0];
    if (!clause) l.addImport({ local: all ? l.textOf(all) : ALL, module, symbol: undefined });
    return nothingAt(node);
  }
  if (clause) {
    for (const part of clause.children) {
      const alias = child(part, 'alias');
      const name = child(part, 'name');
      if (alias && name) l.bindName(l.textOf(alias), l.lower(name));
    }
    return nothingAt(node);
  }
  const value = child(node, 'value');
  if (value) l.bindName('default', l.lower(value));
  else l.lowerAll(node.children);
  const name = child(child(node, 'declaration') ?? node, 'name');
  if (name && /^export\s+default\b/.test(l.textOf(node)))
    l.bindName('default', l.use(nameAt(name, l.textOf(name))));
  return nothingAt(node);
};

/** `use crate::nodes::util::{f, g as h};`. */
const rustUse: Rule = (l, node) => {
  const argument = child(node, 'argument');
  if (argument) rustTree(l, argument, []);
  return nothingAt(node);
};

function rustTree(l: Lowering, node: SyntaxNode, prefix: readonly string[]): void {
  const parts = (n: SyntaxNode | undefined): string[] => (n ? l.textOf(n).split('::') : []);
  if (node.type === 'scoped_use_list') {
    const path = [...prefix, ...parts(child(node, 'path'))];
    for (const part of child(node, 'list')?.children ?? []) rustTree(l, part, path);
  } else if (node.type === 'use_list') {
    for (const part of node.children) rustTree(l, part, prefix);
  } else if (node.type === 'use_as_clause') {
    const path = [...prefix, ...parts(child(node, 'path'))];
    l.addImport({ local: l.textOf(child(node, 'alias')), module: path.slice(0, -1), symbol: path.at(-1) });
  } else if (node.type !== 'use_wildcard') {
    const path = [...prefix, ...parts(node)];
    const last = path.at(-1) ?? '';
    if (last === 'self')
      l.addImport({ local: path.at(-2) ?? '', module: path.slice(0, -1), symbol: undefined });
    else l.addImport({ local: last, module: path.slice(0, -1), symbol: last });
  }
}

/** Java: `import static nodes.Keys.API;`, `import nodes.Keys;`. C#: `using Ctx = Axiom.IAxiomContext;`. */
export const dotted: Rule = (l, node) => {
  const alias = child(node, 'name');
  const path = l.textOf(node.children.findLast((c) => c.type !== 'asterisk')).split('.');
  const all = childOf(node, 'asterisk') !== undefined || (node.type === 'using_directive' && !alias);
  if (all) {
    const isStatic = /\bstatic\b/.test(l.text.slice(node.start, node.start + 40));
    if (isStatic || l.syntax.opensNamespaces)
      l.addImport({ local: isStatic ? STATIC_IMPORT : ALL, module: path, symbol: undefined });
    return nothingAt(node);
  }
  l.addImport({
    local: alias ? l.textOf(alias) : (path.at(-1) ?? ''),
    module: path.slice(0, -1),
    symbol: path.at(-1),
  });
  return nothingAt(node);
};

export const IMPORT_RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['import_from_statement', pythonImport],
  ['import_spec', goImport],
  ['export_statement', typescriptExport],
  ['use_declaration', rustUse],
  ['using_directive', dotted],
]);
