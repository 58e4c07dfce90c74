/** How connect-query walks our pages (AIP-158). */

export const PAGING = {
  pageParamKey: 'pageToken' as const,
  /** undefined: there are no more pages. */
  getNextPageParam: ({ nextPageToken }: { readonly nextPageToken: string }) => nextPageToken || undefined,
};
