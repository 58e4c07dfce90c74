/**
 * Whose link to the parent ends once it serves. Node takes whatever comes over one for its own: a line that is no JSON ends
 * the parent, and one without an end fills it. So the half that is trusted less has no way left to say anything by the time
 * that it answers whoever connects; by its parent's process id it still finds out that this is gone.
 */

import type { HalfName } from './half-process';

export const LINK_ENDS: Readonly<Record<HalfName, boolean>> = { management: true, execution: false };
