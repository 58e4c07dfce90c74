export * from './reader';
export { need as must } from './reader';
export * as names from './names';
export { default as D } from './names';
