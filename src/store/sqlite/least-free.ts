/** How much room the store wants on its disk. */

/** Below this it reports itself unhealthy, while there is still room to delete and to free space. */
export const LEAST_FREE_BYTES = 32 * 1024 * 1024;
