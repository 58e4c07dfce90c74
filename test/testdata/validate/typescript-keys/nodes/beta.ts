import { keyFor, viaMap } from './keys';
export const beta = (ax, i) => { keyFor(ax, 'b'); viaMap(ax, 'b'); viaMap(ax, i.getX()); };
