/** Every encoding that is known; what works on all of them knows none. */

export { DigitDecoder } from './digit-decoder';
export { EscapeDecoder } from './escapes';
export { ShortDigits, shortDigitsBytes, type ShortDigitsOfEachBase } from './short-digits';
