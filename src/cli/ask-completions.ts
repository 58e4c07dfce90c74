/** The hidden command that the scripts of `axiom completion` call: after it and `--` come the words, the last of which is being typed. */

export const ASK_COMPLETIONS = 'completion-words';
