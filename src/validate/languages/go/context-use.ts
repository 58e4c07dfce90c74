/** Go's words for what the context had and has. */

import type { ContextWords } from '../common/context-use';

export const CONTEXT_WORDS: ContextWords = {
  tells:
    /\btest[A-Z]|AddNode|ExecutionID|\bReflection\b|\bMutation\b|\.Agent\b|axiom\.\w*(?:Agent|Memory|Session|Conversation)/,
  addNode: 'AddNode',
  mutation: 'Mutation',
  doubles: ['Log', 'Secrets', 'ExecutionID', 'FlowID', 'TenantID'],
  optional: ['Reflection', 'Mutation'],
  agentTypes: new Set(
    [
      'Agent',
      'Memory',
      'AgentMemory',
      'SessionMemory',
      'SessionHistory',
      'MemoryEntry',
      'ConversationTurn',
    ].map((type) => `axiom.${type}`),
  ),
  agent: 'Agent',
};
