/**
 * What comes from a terminal in raw mode while a value is asked for, as bytes: keys, and pastes that the terminal marks
 * (bracketed paste, xterm's control sequences "Bracketed Paste Mode"). Knows no terminal.
 */

/** A value longer than this is not taken: the service would refuse it. */
const MOST_BYTES = 1024 * 1024;
const KEY = {
  ...{ interrupt: 0x03, endOfInput: 0x04, erase: 0x7f, backspace: 0x08, eraseAll: 0x15, suspend: 0x1a },
  escape: 0x1b,
};
const [LF, CR] = [0x0a, 0x0d];
const PASTE_BEGINS = Buffer.from('\x1b[200~');
const PASTE_ENDS = Buffer.from('\x1b[201~');
/**
 * Any other sequence of a key: ESC [ or ESC O, parameters and a letter; ESC [ [ and a letter for F1 to F5 on Linux's
 * console; or ESC and one more.
 */
const WHOLE_SEQUENCE = /^\x1b(?:\[\[.|\[(?!\[)[ -?]*[@-~]|O[ -?]*[@-~]|[^[O])$/s;
const LONGEST_SEQUENCE = 16;

/** Why reading ends. `lines`: several lines came without the marks of a paste, so where the value ends is not known. */
export type Ending = 'entered' | 'interrupted' | 'ended' | 'lines' | 'too-long';
/** `suspended` is not an end: reading goes on once the command does. */
export type Event = Ending | 'suspended';

export class TypedValue {
  #bytes = Buffer.alloc(256);
  #length = 0;
  /** Counted as they come: a paste of a megabyte comes in hundreds of pieces. */
  #characters = 0;
  #lineBreaks = 0;
  #isPaste = false;
  /** A sequence that has begun and whose rest has not come yet. */
  #sequence: number[] = [];
  #lastWasReturn = false;

  /** What was typed and pasted; the caller's to overwrite. */
  get value(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Characters, where all is on one line; 0 where it is not. */
  get characters(): number {
    return this.lines > 1 ? 0 : this.#characters;
  }

  get lines(): number {
    if (this.#length === 0) return 0;
    return this.#lineBreaks + (this.#bytes[this.#length - 1] === LF ? 0 : 1);
  }

  /** Takes what has come. @returns how reading ends, or undefined while it goes on; what comes after that in the chunk is dropped. */
  take(chunk: Uint8Array): Event | undefined {
    for (const [at, byte] of chunk.entries()) {
      const ending = this.#takeByte(byte);
      if (ending === 'entered') return isLineEnds(chunk.subarray(at + 1)) ? ending : 'lines';
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  /** Overwrites everything. */
  wipe(): void {
    this.#bytes.fill(0);
    this.#length = this.#characters = this.#lineBreaks = 0;
  }

  #takeByte(byte: number): Event | undefined {
    if (this.#sequence.length > 0 || byte === KEY.escape) return this.#takeSequence(byte);
    if (this.#isPaste) return this.#takePasted(byte);
    switch (byte) {
      case KEY.interrupt:
        return 'interrupted';
      case KEY.endOfInput:
        return 'ended';
      case KEY.suspend:
        return 'suspended';
      case CR:
      case LF:
        return 'entered';
      case KEY.erase:
      case KEY.backspace:
        return this.#eraseCharacter();
      case KEY.eraseAll:
        return this.wipe() as undefined;
      default:
        return byte < 0x20 && byte !== 0x09 ? undefined : this.#append(byte);
    }
  }

  #takeSequence(byte: number): Event | undefined {
    if (!this.#isPaste && this.#sequence.length > 0 && isControl(byte)) {
      // Whoever pressed Escape, or a key that sends half a sequence, is still heard when they press Ctrl-C or Enter.
      this.#sequence = [];
      return this.#takeByte(byte);
    }
    this.#sequence.push(byte);
    const sequence = Buffer.from(this.#sequence);
    const mark = this.#isPaste ? PASTE_ENDS : PASTE_BEGINS;
    if (mark.equals(sequence)) {
      this.#isPaste = !this.#isPaste;
      this.#lastWasReturn = false;
      this.#sequence = [];
      return undefined;
    }
    if (mark.subarray(0, sequence.length).equals(sequence)) return undefined;
    // Within a paste it is part of what was pasted; otherwise it is an arrow or another key, which does nothing here.
    if (this.#isPaste) return this.#takePastedSequence(sequence);
    if (WHOLE_SEQUENCE.test(sequence.toString('latin1')) || sequence.length > LONGEST_SEQUENCE)
      this.#sequence = [];
    return undefined;
  }

  /** All of it but an escape at its end, which may begin the mark of the paste's end. */
  #takePastedSequence(sequence: Uint8Array): Ending | undefined {
    const beginsAnew = sequence.length > 1 && sequence.at(-1) === KEY.escape;
    this.#sequence = beginsAnew ? [KEY.escape] : [];
    for (const pasted of beginsAnew ? sequence.subarray(0, -1) : sequence) {
      const ending = this.#takePasted(pasted);
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  /** Terminals send what ends a line in a paste as a carriage return. */
  #takePasted(byte: number): Ending | undefined {
    const isSecondHalf = byte === LF && this.#lastWasReturn;
    this.#lastWasReturn = byte === CR;
    return isSecondHalf ? undefined : this.#append(byte === CR ? LF : byte);
  }

  #append(byte: number): Ending | undefined {
    if (this.#length >= MOST_BYTES) return 'too-long';
    if (this.#length === this.#bytes.length) {
      const grown = Buffer.alloc(this.#bytes.length * 2);
      this.#bytes.copy(grown);
      this.#bytes.fill(0);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
    this.#count(byte, 1);
    return undefined;
  }

  #eraseCharacter(): undefined {
    while (this.#length > 0) {
      const byte = this.#bytes[--this.#length] as number;
      this.#bytes[this.#length] = 0;
      this.#count(byte, -1);
      if (beginsCharacter(byte)) return undefined;
    }
    return undefined;
  }

  #count(byte: number, by: 1 | -1): void {
    if (beginsCharacter(byte)) this.#characters += by;
    if (byte === LF) this.#lineBreaks += by;
  }
}

/** Whether nothing else is there: what a terminal may send after an Enter (CR and LF), or in place of one line break. */
export function isLineEnds(chunk: Uint8Array): boolean {
  return chunk.every((byte) => byte === CR || byte === LF);
}

function isControl(byte: number): boolean {
  return byte < 0x20 || byte === KEY.erase;
}

/** Of UTF-8. */
function beginsCharacter(byte: number): boolean {
  return (byte & 0xc0) !== 0x80;
}
