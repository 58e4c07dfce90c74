/** Goes through every page of a list (AIP-158). */

const PAGE_SIZE = 1_000;

/** What a list is asked for. */
export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** The rows of all pages in their order. @param limit stops after so many. */
export async function allPages<P extends { readonly nextPageToken: string }, R>(
  fetch: (page: PageRequest) => Promise<P>,
  rowsOf: (page: P) => readonly R[],
  limit = Infinity,
): Promise<R[]> {
  const rows: R[] = [];
  let pageToken = '';
  do {
    const page = await fetch({ pageSize: Math.min(limit - rows.length, PAGE_SIZE), pageToken });
    rows.push(...rowsOf(page));
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && rows.length < limit);
  return rows;
}
