export { default as loadA, KEY as KEY_A } from './a';
export * from './b';
export * as b from './b';
import * as a from './a';
export { a };
