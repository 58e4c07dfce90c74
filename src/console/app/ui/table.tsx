/** A table of what a page lists; on a narrow screen each row becomes a block with its columns named. */

import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** The column that names the row. */
  readonly isHead?: boolean;
  /** A column of buttons: its title is for screen readers only. */
  readonly isActions?: boolean;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  // The roles are said, since the narrow layout's display values would take them away.
  return (
    <table className="table" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, isActions }) => (
            <th key={title} scope="col" role="columnheader" className={isActions ? 'actions' : undefined}>
              {isActions ? <span className="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map((column) => (
              <Cell key={column.title} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<Row>({
  column: { title, cell, isHead, isActions },
  row,
}: {
  readonly column: Column<Row>;
  readonly row: Row;
}) {
  if (isHead) {
    return (
      <th scope="row" role="rowheader">
        {cell(row)}
      </th>
    );
  }
  return (
    <td role="cell" className={isActions ? 'actions' : undefined}>
      {!isActions && (
        <span className="cell-title" aria-hidden="true">
          {title}
        </span>
      )}
      <div className="cell-body">{cell(row)}</div>
    </td>
  );
}
