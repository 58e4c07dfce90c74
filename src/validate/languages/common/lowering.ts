/** Turns a source's syntax tree into the shape of program.ts: the walk itself and what every rule may use. */

import type { PackageScope } from '../../ir/scope';
import type {
  Arg,
  CallExpr,
  Class,
  Expr,
  Fn,
  Growth,
  Import,
  NothingExpr,
  Param,
  Range,
  SourceFile,
} from '../../ir/program';
import { child, type SyntaxNode } from './syntax';
import type { SyntaxFacts } from './syntax-facts';

/** How one type of syntax node is read. Statements answer with an expression of kind `nothing`. */
export type Rule = (lowering: Lowering, node: SyntaxNode) => Expr;

/** Blocks and branches: what is bound inside may not have happened, or is not in sight, outside. */
const BLOCKS = new Set(
  (
    'block statement_block else_clause elif_clause for_statement for_in_statement for_expression ' +
    'enhanced_for_statement foreach_statement while_statement while_expression loop_expression do_statement ' +
    'if_expression match_arm switch_case switch_default expression_case default_case communication_case type_case ' +
    'switch_section switch_rule switch_block_statement_group catch_clause except_clause finally_clause case_clause ' +
    'list_comprehension set_comprehension dictionary_comprehension generator_expression using_statement'
  ).split(' '),
);

const LOOPS =
  /^(?:for_statement|for_in_statement|for_expression|enhanced_for_statement|foreach_statement|while_statement|while_expression|loop_expression|do_statement)$/;

/** Where a node is. What is made of a tree holds none of its nodes, which hold all that is below them. */
const rangeOf = ({ start, end }: Range): Range => ({ start, end });

export class Lowering {
  fn: Fn;
  cls: Class | undefined;
  /** Inside `#[cfg(test)]`. */
  inTest = false;
  /** Where `yield` inside a Java switch expression leaves its values. */
  readonly switchYields: Expr[][] = [];
  /** The namespace or package that is read, in languages whose classes are in one. */
  namespace = '';
  /** Calls that put something into a value, and that value: they answer with it. */
  readonly grownBy = new WeakMap<Expr, Expr>();
  /** Where `break` leaves the value of a Rust loop. */
  readonly breaks: Expr[][] = [];
  /** What the `catch` clauses that are read have guarded. */
  readonly guarded: Range[] = [];
  /** The type that is declared for what is read: C#'s `new(…)` makes an object of it. */
  expected = '';
  /** The same as it is written. */
  declared = '';
  /** What is left of each `?.` around. */
  readonly conditions: Expr[] = [];
  /** The C# property whose accessors are read. */
  property = '';
  readonly text: string;
  private loop: Range | undefined;
  private readonly outerNames = new Map<Fn, Set<string>>();
  private readonly blocks: Range[] = [];
  private declaring = true;
  /** Where the names of a comprehension begin to be in sight: before they are given. */
  private sightFrom: number | undefined;

  constructor(
    readonly syntax: SyntaxFacts,
    readonly scope: PackageScope,
    readonly file: SourceFile,
    private readonly rules: ReadonlyMap<string, Rule>,
    /** Whether test modules inside of sources are read, too. */
    readonly readsTests = false,
  ) {
    this.fn = file.top;
    this.text = file.text;
  }

  lower(node: SyntaxNode): Expr {
    const rule = this.rules.get(node.type);
    const read = (): Expr => (rule ? rule(this, node) : this.other(node));
    if (!BLOCKS.has(node.type)) return read();
    const outer = this.loop;
    if (LOOPS.test(node.type)) this.loop ??= rangeOf(node);
    const made = this.inBlock(node, read);
    this.loop = outer;
    return made;
  }

  /** What `body` binds, it binds inside `block`. */
  inBlock<T>(block: Range, body: () => T): T {
    this.blocks.push(rangeOf(block));
    try {
      return body();
    } finally {
      this.blocks.pop();
    }
  }

  /** What `body` binds are names that exist already: `x = y`, not `let x = y`. */
  assigning<T>(body: () => T): T {
    const outer = this.declaring;
    this.declaring = false;
    try {
      return body();
    } finally {
      this.declaring = outer;
    }
  }

  /** True inside `assigning`. */
  get isAssigning(): boolean {
    return !this.declaring;
  }

  /** What `body` binds is in sight from an offset on, in the innermost block only. */
  bindingFrom(start: number, body: () => void): void {
    const outer = this.sightFrom;
    this.sightFrom = start;
    try {
      body();
    } finally {
      this.sightFrom = outer;
    }
  }

  /** Looks at all parts; the whole is not known. */
  other(node: SyntaxNode): Expr {
    this.lowerAll(node.children);
    return { kind: 'other', start: node.start, end: node.end };
  }

  /** Looks at all parts; the whole is not text. */
  nothing(node: SyntaxNode): Expr {
    this.lowerAll(node.children);
    return nothingAt(node);
  }

  lowerAll(nodes: readonly SyntaxNode[]): Expr[] {
    return nodes.map((node) => this.lower(node));
  }

  /** The expression in a role, or nothing. */
  in(node: SyntaxNode, ...fields: readonly string[]): Expr {
    const found = this.role(node, ...fields);
    return found ? this.lower(found) : nothingAt(node);
  }

  /** The child in the first role that is filled. */
  role(node: SyntaxNode, ...fields: readonly string[]): SyntaxNode | undefined {
    for (const field of fields) {
      const found = child(node, field);
      if (found) return found;
    }
    return undefined;
  }

  textOf(node: SyntaxNode | undefined): string {
    return node ? this.text.slice(node.start, node.end) : '';
  }

  /** Remembers an expression that may call, or refer to, something. */
  use<E extends Expr>(expr: E): E {
    this.fn.uses.push(expr);
    return expr;
  }

  bindName(name: string, value: Expr): void {
    if (name === '_' || name === '') return;
    const block = masksItself(name, value) ? this.fn : (this.blocks.at(-1) ?? this.fn);
    const scoped = this.sightFrom !== undefined || this.syntax.blocksHaveNames;
    const binding = {
      value,
      fn: this.fn,
      from: this.sightFrom ?? value.end,
      block,
      declares: this.declaring && scoped,
      loop: this.loop,
    };
    const { bindings } = this.ownerOf(name);
    const known = bindings.get(name) ?? [];
    const at = known.findLastIndex((other) => other.from <= binding.from);
    known.splice(at + 1, 0, binding);
    bindings.set(name, known);
  }

  /** The function whose variable an assignment means: one outside, where it is there or said to be. */
  private ownerOf(name: string): Fn {
    const said = this.outerNames.get(this.fn)?.has(name);
    if (!said && (this.declaring || !this.syntax.blocksHaveNames)) return this.fn;
    const has = (fn: Fn): boolean => fn.bindings.has(name) || fn.params.some((param) => param.name === name);
    for (let fn: Fn | undefined = said ? this.fn.outer : this.fn; fn; fn = fn.outer) if (has(fn)) return fn;
    return said ? this.file.top : this.fn;
  }

  /** Python's `global name` and `nonlocal name`. */
  sayOuter(name: string): void {
    this.outerNames.set(this.fn, (this.outerNames.get(this.fn) ?? new Set()).add(name));
  }

  /** Notes what is put into a variable's list or dictionary. */
  grow(name: string, growth: Growth): boolean {
    const owner = this.holderOf(name);
    if (owner) owner.growths.set(name, [...(owner.growths.get(name) ?? []), { ...growth, fn: this.fn }]);
    return owner !== undefined;
  }

  /** Notes a call that a variable's list or dictionary is handed to: it may come back filled. */
  hand(name: string, call: CallExpr, index: number): void {
    const owner = this.holderOf(name);
    if (owner) owner.handed.set(name, [...(owner.handed.get(name) ?? []), { call, index, fn: this.fn }]);
  }

  /** The function whose variable or parameter a name is. */
  private holderOf(name: string): Fn | undefined {
    for (let fn: Fn | undefined = this.fn; fn; fn = fn.outer)
      if (fn.bindings.has(name) || fn.params.some((param) => param.name === name)) return fn;
    return undefined;
  }

  addImport(entry: Import): void {
    this.file.imports.push(entry);
  }

  /** Reads what a type is declared for: `Client c = new(ax)`. */
  expecting<T>(type: string, body: () => T): T {
    const { expected: outer, declared } = this;
    this.declared = type;
    // What a task answers, or what may be null, is made as what it is.
    const plain = type.replace(/\?$/, '').replace(/^(?:Value)?Task<(.*)>$/s, '$1');
    this.expected = /^([A-Z][\w.]*?)(?:<.*>)?\??$/s.exec(plain)?.[1]?.replace(/^.*\./, '') ?? '';
    try {
      return body();
    } finally {
      this.expected = outer;
      this.declared = declared;
    }
  }

  /** Runs `body` inside another function, and comes back. */
  within<T>(fn: Fn, cls: Class | undefined, body: () => T): T {
    const { fn: outerFn, cls: outerCls, sightFrom, loop, expected, declared } = this;
    this.fn = fn;
    this.cls = cls;
    this.sightFrom = undefined;
    this.loop = undefined;
    this.expected = '';
    this.declared = '';
    this.blocks.push(fn);
    try {
      return body();
    } finally {
      this.blocks.pop();
      this.fn = outerFn;
      this.cls = outerCls;
      this.sightFrom = sightFrom;
      this.loop = loop;
      this.expected = expected;
      this.declared = declared;
    }
  }
}

/** `text = text.replace(secret, '***')`, under `if secret in text`: behind it, the text is without. */
const masksItself = (name: string, value: Expr): boolean =>
  value.kind === 'call' &&
  value.args.length > 1 &&
  value.callee.kind === 'member' &&
  /^[rR]eplace(?:[aA]ll|_all)?$/.test(value.callee.name) &&
  [value.callee.object, value.args[0]?.value].some((of) => of?.kind === 'name' && of.name === name);

export const nothingAt = (node: { readonly start: number; readonly end: number }): NothingExpr => ({
  kind: 'nothing',
  start: node.start,
  end: node.end,
});

export const nameAt = (node: SyntaxNode, name: string): Expr => ({
  kind: 'name',
  name,
  start: node.start,
  end: node.end,
});

/** A value some steps further: `[0]`, `.field`, `each`, `keys`. */
export function step(of: Expr, ...steps: readonly string[]): Expr {
  if (steps.length === 0) return of;
  return { kind: 'steps', of, steps, start: of.start, end: of.end };
}

/** A value as it prints for who looks for a fault. */
export const debugAt = (of: Expr): Expr => ({ kind: 'debug', of, start: of.start, end: of.end });

export const positional = (value: Expr): Arg => ({ name: undefined, value, spread: false });

export const plainParam = (name: string, type = ''): Param => ({
  name,
  type,
  default: undefined,
  rest: false,
});
