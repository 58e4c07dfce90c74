import { keyFor } from './keys';
export const alpha = (ax, i) => keyFor(ax, 'a');
