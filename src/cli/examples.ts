/** The examples in the help of a group of commands: all of them in its own, and in a command's those that have it. */

import type { Command } from 'commander';

/** @param lines each as one would type it. @param remark stands in front of them in every help of the group. */
export function withExamples(group: Command, lines: readonly string[], remark?: string): Command {
  const above = remark === undefined ? '' : `\n${remark}\n`;
  return group.addHelpText('afterAll', ({ command }) => {
    const wanted = `axiom ${group.name()} ${command.name()} `;
    const shown = command === group ? lines : lines.filter((line) => `${line} `.includes(wanted));
    return shown.length === 0 ? above : `${above}\nExamples:\n${shown.map((line) => `  ${line}`).join('\n')}`;
  });
}
