/** What a package's handlers and test doubles expect of the context that is generated for them. */

import type { Class, Expr, SourceFile } from '../../ir/program';

/** `new`: the mutation's add-node has a node name, since 2026-08; `old`: it has none. */
export type AddNodeForm = 'old' | 'new';

/** `types`: sources name the agent memory's types; `member`: handlers call it, so the context must have it. */
export type AgentNeed = 'nothing' | 'types' | 'member';

export interface ContextUse {
  readonly addNode: AddNodeForm;
  /** The file that decided on addNode; undefined when nothing told. */
  readonly addNodeFrom: string | undefined;
  /** Members of the context that doubles of before they existed lack, and that nothing calls. */
  readonly leftOut: readonly string[];
  /** What sources still need of the agent memory, which left the platform in 2026-07. */
  readonly agent: AgentNeed;
}

/** A language's words for these things. */
export interface ContextWords {
  /** Sources whose text has none of these tell nothing. */
  readonly tells: RegExp;
  readonly addNode: string;
  /** The call that answers with the mutation. */
  readonly mutation: string;
  /** Members that every double of the context has. */
  readonly doubles: readonly string[];
  /** Members that the context did not always have, where a language requires them of a double. */
  readonly optional: readonly string[];
  /** How the types of the agent memory are written. */
  readonly agentTypes: ReadonlySet<string>;
  /** The call that answers with the agent. */
  readonly agent: string;
}

/** What generation reads of a source. */
export interface UsedSource extends SourceFile {
  /** The identifiers and qualified names in its code. */
  readonly words: ReadonlySet<string>;
  /** Its types, and what it calls. */
  readonly classes: readonly Class[];
  readonly calls: readonly Call[];
}

/** A call of a member: `f.AddNode(a, b, c)`. */
export interface Call {
  readonly member: string;
  readonly arguments: number;
  /** What is called on the answer: `Memory` in `ax.Agent().Memory()`. */
  readonly object: Expr;
}

/** Doubles tell first, then calls; where nothing tells, the newest. */
export function contextUse(files: readonly UsedSource[], words: ContextWords): ContextUse {
  const told = addNodeOfDoubles(files, words) ?? addNodeOfCalls(files, words);
  return {
    addNode: told?.form ?? 'new',
    addNodeFrom: told?.path,
    leftOut: words.optional.filter((member) => isLeftOut(member, files, words)),
    agent: agentNeed(files, words),
  };
}

interface Told {
  readonly form: AddNodeForm;
  readonly path: string;
}

const isPosition = (type: string): boolean => /\bCanvasPosition\b/.test(type);

function addNodeOfDoubles(files: readonly UsedSource[], { addNode }: ContextWords): Told | undefined {
  for (const { path, classes } of files) {
    for (const { methods } of classes) {
      const method = methods.get(addNode);
      if (!method || method.file.path !== path || !method.params.some(({ type }) => isPosition(type)))
        continue;
      return { form: method.params.length >= 4 ? 'new' : 'old', path };
    }
  }
  return undefined;
}

function addNodeOfCalls(files: readonly UsedSource[], { addNode, mutation }: ContextWords): Told | undefined {
  for (const { path, calls, words } of files) {
    // Helpers take the flow as a parameter. A graph's own add_node is something else.
    const usesFlow = calls.some(({ member }) => member === mutation) || mentions(words, 'FlowMutation');
    for (const call of usesFlow || mentions(words, 'CanvasPosition') ? calls : []) {
      const count = call.member === addNode ? call.arguments : 0;
      if (count === 3 || count === 4) return { form: count === 4 ? 'new' : 'old', path };
    }
  }
  return undefined;
}

const mentions = (words: ReadonlySet<string>, type: string): boolean =>
  [...words].some((word) => word === type || word.endsWith(`.${type}`) || word.endsWith(`::${type}`));

/** Left out where a double lacks the member and nothing calls it: a required member would break that double. */
function isLeftOut(member: string, files: readonly UsedSource[], { doubles }: ContextWords): boolean {
  const called = files.some(({ calls }) =>
    calls.some((call) => call.member === member && call.arguments === 0),
  );
  if (called) return false;
  const classes = new Set(files.flatMap((file) => file.classes));
  return [...classes].some(
    ({ methods }) => doubles.every((name) => methods.has(name)) && !methods.has(member),
  );
}

function agentNeed(files: readonly UsedSource[], { agent, agentTypes }: ContextWords): AgentNeed {
  if (files.some(({ calls }) => calls.some((call) => isAgentCall(call, agent)))) return 'member';
  return files.some(({ words }) => [...agentTypes].some((type) => words.has(type))) ? 'types' : 'nothing';
}

/** A handler's call, by the parameter's usual name or by what is called on the answer. */
function isAgentCall({ member, arguments: count, object }: Call, agent: string): boolean {
  if (member === agent && count === 0) return object.kind === 'name' && object.name === 'ax';
  const inner = object.kind === 'call' ? object.callee : undefined;
  return /^memory$/i.test(member) && inner?.kind === 'member' && inner.name === agent;
}
