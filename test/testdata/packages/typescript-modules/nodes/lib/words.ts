// What a word is.
export const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
