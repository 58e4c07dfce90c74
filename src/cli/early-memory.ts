/** A command's memory is open to nobody from the first moment on. Imported before what takes long to load. */

import { closeMemory } from '../server/closed-memory';

closeMemory();
