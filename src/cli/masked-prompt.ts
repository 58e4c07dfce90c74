/**
 * Asks for a value on a terminal and shows stars. Several lines that are pasted are taken whole where the terminal marks
 * pastes; where it does not, they are refused and swallowed, so that the shell does not run what follows the first.
 */

import { writeSync } from 'node:fs';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { printable } from './output';
import { TypedValue, type Ending } from './typed-value';

const PASTE_MODE = { on: '\x1b[?2004h', off: '\x1b[?2004l' };
const CLEAR_TO_END = '\x1b[K';
/** Nobody types on so soon after Enter; a paste does. */
const PASTE_GOES_ON_MS = 100;
/** What is left of a paste that was refused has come when it is quiet for so long. */
const QUIET_MS = 300;
const MOST_STARS = 24;
const STDERR = 2;

/** @returns what was entered, without the Enter. @throws CliError where nothing was, or where it is not known what. */
export async function askMasked(prompt: string): Promise<Uint8Array> {
  const { stdin } = process;
  const typed = new TypedValue();
  const restore = enterRawMode();
  write(`${printable(prompt)}: `);
  try {
    const ending = await readUntilEnd(typed, `${printable(prompt)}: `);
    if (ending === 'entered' && typed.value.length > 0) return Buffer.from(typed.value);
    if (ending === 'interrupted') leave(restore, 130);
    if (ending === 'lines' || ending === 'too-long') await untilQuiet();
    throw refusal(ending);
  } finally {
    typed.wipe();
    restore();
    stdin.pause();
  }
}

function refusal(ending: Ending): CliError {
  if (ending === 'lines')
    return new CliError(
      'several lines came at once and this terminal does not mark what is pasted, so nothing was stored; use --file, or send the value to stdin',
      EXIT.usage,
    );
  if (ending === 'too-long')
    return new CliError('the value is longer than any may be, and nothing was stored', EXIT.usage);
  return new CliError('nothing was entered, and nothing was stored', EXIT.failure);
}

/** @returns what sets the terminal back, once. */
function enterRawMode(): () => void {
  const { stdin } = process;
  const marks = process.env['TERM'] !== 'dumb';
  let isRaw = true;
  const restore = () => {
    if (!isRaw) return;
    isRaw = false;
    stdin.setRawMode(false);
    write(`${marks ? PASTE_MODE.off : ''}\n`);
    process.off('exit', restore);
    process.off('SIGTERM', terminated);
    process.off('SIGHUP', terminated);
  };
  const terminated = (signal: NodeJS.Signals) => leave(restore, signal === 'SIGTERM' ? 143 : 129);
  process.once('exit', restore);
  process.once('SIGTERM', terminated);
  process.once('SIGHUP', terminated);
  stdin.setRawMode(true);
  if (marks) write(PASTE_MODE.on);
  return restore;
}

function leave(restore: () => void, code: number): never {
  restore();
  process.exit(code);
}

function readUntilEnd(typed: TypedValue, prompt: string): Promise<Ending> {
  const { stdin } = process;
  return new Promise((resolve) => {
    let entered: NodeJS.Timeout | undefined;
    const finish = (ending: Ending) => {
      clearTimeout(entered);
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      resolve(ending);
    };
    const onEnd = () => finish('ended');
    const onData = (chunk: Buffer) => {
      if (entered !== undefined) return finish(chunk[0] === 0x03 ? 'interrupted' : 'lines');
      const ending = typed.take(chunk);
      chunk.fill(0);
      show(typed, prompt);
      if (ending === 'entered') entered = setTimeout(() => finish('entered'), PASTE_GOES_ON_MS);
      else if (ending !== undefined) finish(ending);
    };
    stdin.on('data', onData);
    stdin.once('end', onEnd);
    stdin.resume();
  });
}

/** Stars for one line; for several only how many they are. */
function show(typed: TypedValue, prompt: string): void {
  const masked =
    typed.lines > 1 ? `[${typed.lines} lines]` : '*'.repeat(Math.min(typed.characters, MOST_STARS));
  write(`\r${prompt}${masked}${CLEAR_TO_END}`);
}

function untilQuiet(): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const done = () => {
      stdin.off('data', onData);
      resolve();
    };
    let quiet = setTimeout(done, QUIET_MS);
    const onData = (chunk: Buffer) => {
      chunk.fill(0);
      clearTimeout(quiet);
      quiet = setTimeout(done, QUIET_MS);
    };
    stdin.on('data', onData);
    stdin.resume();
  });
}

/** At once: the process may end right after. */
function write(text: string): void {
  writeSync(STDERR, text);
}
