/** Rust's words for what the context had and has; its newer members have defaults. */

import type { ContextWords } from '../common/context-use';

export const CONTEXT_WORDS: ContextWords = {
  tells: /add_node|Agent|\bagent\b|SessionMemory/,
  addNode: 'add_node',
  mutation: 'mutation',
  doubles: ['log', 'secrets', 'execution_id', 'flow_id', 'tenant_id'],
  optional: [],
  agentTypes: new Set(['dyn Agent', 'AgentMemory', 'NoopAgent', 'SessionMemory']),
  agent: 'agent',
};
