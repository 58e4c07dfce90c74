/** `axiom completion bash|zsh|fish`: a script that asks the command itself, so that choices and names are known too. */

import { Argument, type Command } from 'commander';
import { ASK_COMPLETIONS } from './ask-completions';
import { completionsOf, FILES } from './completion-words';
import type { ConnectionFlags } from './connection';

// A name may have spaces. Where no quote was opened, what is offered is quoted, and what was typed has backslashes.
const BASH = `_axiom() {
  local line word current="\${COMP_WORDS[COMP_CWORD]}" quote=
  case "$current" in
    [\\"\\']*) quote=1 current="\${current:1}" ;;
    *) current="\${current//\\\\/}" ;;
  esac
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = '${FILES}' ]; then compopt -o default 2>/dev/null; COMPREPLY=(); return; fi
    word="\${line%%$'\\t'*}"
    [ -n "$quote" ] || printf -v word %q "$word"
    COMPREPLY+=("$word")
  done < <("\${COMP_WORDS[0]}" ${ASK_COMPLETIONS} -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current" 2>/dev/null)
}
complete -F _axiom axiom axiom-secrets`;

const ZSH = `#compdef axiom axiom-secrets
_axiom() {
  local line
  local -a words_found described
  for line in "\${(@f)$("\${words[1]}" ${ASK_COMPLETIONS} -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z "$line" ]] && continue
    if [[ "$line" == '${FILES}' ]]; then _files; return; fi
    words_found+=("\${line%%$'\\t'*}")
    described+=("\${line/$'\\t'/  -- }")
  done
  (( \${#words_found} )) && compadd -l -d described -a words_found
}
# Sourced before compinit, it waits for it; in a file of fpath it is called at once.
if (( ! \${+functions[compdef]} )); then autoload -Uz compinit && compinit; fi
if [[ "\${funcstack[1]}" == _axiom ]]; then _axiom "$@"; else compdef _axiom axiom axiom-secrets; fi`;

const FISH = `function __axiom_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape; or commandline -ct)
    set -l found ($words[1] ${ASK_COMPLETIONS} -- $words[2..-1] "$current" 2>/dev/null)
    if test "$found[1]" = '${FILES}'
        __fish_complete_path (commandline -ct)
    else if test (count $found) -gt 0
        printf '%s\\n' $found
    end
end
complete -c axiom -f -a '(__axiom_complete)'
complete -c axiom-secrets -f -a '(__axiom_complete)'`;

const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

const EXAMPLES = `
Examples:
  source <(axiom completion bash)        in ~/.bashrc
  source <(axiom completion zsh)         in ~/.zshrc
  axiom completion fish | source         in ~/.config/fish/config.fish`;

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
    .description('print a completion script: commands, flags, choices and names of your tenant')
    .addHelpText('after', EXAMPLES)
    // A script, and not text for people: it is written as it is.
    .action((shell: string) => void process.stdout.write(`${SCRIPTS[shell]}\n`));

  program
    .command(`${ASK_COMPLETIONS} [words...]`, { hidden: true })
    .description('what may come next, one a line; the scripts of `axiom completion` ask it')
    .action(async (words: readonly string[], _flags: ConnectionFlags) => {
      const found = await completionsOf(program, words);
      process.stdout.write(found.map((one) => `${one}\n`).join(''));
    });
}
