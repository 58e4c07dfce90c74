/** Java's and C#'s switch, as statement or expression: its cases see what their patterns take out. */

import { nothingAt, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import type { Expr } from '../../ir/program';
import { child, childrenIn, childOf, type SyntaxNode } from './syntax';

const PATTERN = /(?:^|_)pattern$/;

const choose: Rule = (l, node) => {
  const options: Expr[] = [];
  const [subject] = node.children;
  const value = subject ? l.lower(subject) : nothingAt(node);
  l.switchYields.push(options);
  for (const part of node.children.slice(1)) {
    if (part.type === 'switch_expression_arm') options.push(arm(l, part, value));
    else if (part.type === 'switch_block')
      for (const rule of part.children) chooseRule(l, rule, value, options);
    else l.lower(part);
  }
  l.switchYields.pop();
  return { kind: 'either', options, start: node.start, end: node.end };
};

/** C#: `Token t => t.Name`. */
function arm(l: Lowering, part: SyntaxNode, value: Expr): Expr {
  return l.inBlock(part, () => {
    const [pattern, ...rest] = part.children;
    if (pattern) bind(l, pattern, value);
    return l.lowerAll(rest).at(-1) ?? nothingAt(part);
  });
}

/** Java: `case Token t -> t.name();`, and the older groups of statements. */
function chooseRule(l: Lowering, rule: SyntaxNode, value: Expr, options: Expr[]): void {
  l.inBlock(rule, () => {
    for (const label of rule.children.filter((c) => c.type === 'switch_label'))
      for (const pattern of label.children) if (pattern.type === 'pattern') bind(l, pattern, value);
    for (const part of rule.children) {
      const made = l.lower(part);
      if (rule.type === 'switch_rule' && part.type === 'expression_statement') options.push(made);
    }
  });
}

/** A statement whose cases take apart what it is of. */
export const switchStatement: Rule = (l, node) => {
  const value = l.in(node, 'value');
  const sections = childOf(node, 'switch_body') ?? child(node, 'body');
  for (const section of sections?.children ?? []) {
    l.inBlock(section, () => {
      for (const part of section.children) {
        if (PATTERN.test(part.type)) bind(l, part, value);
        else l.lower(part);
      }
    });
  }
  l.lowerAll(childrenIn(node, '').filter((c) => c !== sections));
  return nothingAt(node);
};

export const SWITCH_RULES: ReadonlyMap<string, Rule> = new Map([['switch_expression', choose]]);
