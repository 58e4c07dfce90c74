/** Every encoding that is known; what works on all of them knows none. */

export { DigitDecoder } from './digit-decoder';
export { AROUND, EscapeDecoder, foldPluses } from './escapes';
export { ShortDigits, shortDigitsBytes, type ShortDigitsOfEachBase } from './short-digits';
