/** The node that read a name, with its package. */

interface ReaderProps {
  /** `handle/name@version`; empty where nothing has read it. */
  readonly lastReadPackage: string;
  readonly lastReadNode: string;
}

export function Reader({ lastReadPackage, lastReadNode }: ReaderProps) {
  if (lastReadPackage === '') return <>—</>;
  return (
    <span className="clamped who" title={`${lastReadNode} in ${lastReadPackage}`} translate="no">
      {lastReadNode} <span className="cell-note">in {lastReadPackage}</span>
    </span>
  );
}
