/** How often, as the viewer writes numbers, on one line. */

export function Count({ of }: { readonly of: bigint }) {
  return <span className="whole">{of.toLocaleString()}</span>;
}
