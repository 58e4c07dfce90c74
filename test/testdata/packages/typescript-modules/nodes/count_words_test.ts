import { createTestContext } from '../gen/axiomTestContext.js';
import { WordsRequest } from '../gen/messages_pb.js';
import { countWords } from './count_words.js';

describe('CountWords', () => {
  it('counts words by their length', async () => {
    const input = new WordsRequest();
    input.setText('one two  three');
    const output = await countWords(createTestContext({ secretsMap: { WORDS_KEY: 'k' } }), input);
    expect(output.getCount()).toBe(3);
    expect(output.getSigned()).toBe(true);
    expect(output.getLengthsMap().get('3')).toBe(2);
  });
});
