// A node of a package whose sources are ECMAScript modules: imports name the compiled files.
import type { AxiomContext } from '../gen/axiomContext.js';
import { WordsReply, type WordsRequest } from '../gen/messages_pb.js';
import wordsOf, { tally } from './tally.js';

export async function countWords(ax: AxiomContext, input: WordsRequest): Promise<WordsReply> {
  const { basename } = await import('node:path');
  const reply = new WordsReply();
  const [, signed] = ax.secrets.get('WORDS_KEY');
  reply.setCount(wordsOf(basename(input.getText())).length);
  reply.setSigned(signed);
  for (const [length, times] of tally(input.getText())) reply.getLengthsMap().set(length, times);
  return reply;
}
