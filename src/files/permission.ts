/** What Node's permission model does not let this process do (https://nodejs.org/api/permissions.html). */

export function isDenied(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED';
}
