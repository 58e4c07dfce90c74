/** Every encoding that is known; what works on all of them knows none. */

export { DigitDecoder, type Match } from './digit-decoder';
export { AROUND, EscapeDecoder, foldPluses } from './escapes';
