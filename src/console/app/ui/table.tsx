/**
 * A table of what a page lists.
 *
 * Columns have the width that they need, and the one without a width takes the rest. Where that is less than a name
 * needs, each row becomes a card with its columns named.
 */

import { memo, useRef, type ReactNode } from 'react';
import { useRowFocus } from './use-row-focus';
import { useReveal, type Reveal } from './use-reveal';
import { useWidth } from './use-width';
import { useWindowedRows } from './use-windowed-rows';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Pixels. One column has none and takes the rest. */
  readonly width?: number;
  /** The column that names the row. */
  readonly isHead?: boolean;
  /** A column of buttons: its title is for screen readers only. */
  readonly isActions?: boolean;
  /** Stands in the corner of a card, beside what names the row. */
  readonly isCorner?: boolean;
}

interface TableProps<Row> {
  readonly label: string;
  /** The same array at each render keeps rows from being rendered anew. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** A row to bring into sight. */
  readonly reveal?: Reveal | undefined;
}

/** Less than this and the column that takes the rest could not show a name. */
const MIN_REST = 190;
/** About how high a row is, in pixels: see tables.css. */
const ROW_HEIGHT = 57;
const CARD_HEIGHT = 104;

export function Table<Row>({ label, columns, rows, keyOf, reveal }: TableProps<Row>) {
  const [box, width] = useWidth<HTMLDivElement>();
  const body = useRef<HTMLTableSectionElement>(null);
  const isCards = width !== undefined && width < needed(columns);
  const keyAt = (index: number) => keyOf(rows[index] as Row);
  const focused = useRef<number>(undefined);
  const { shown, below, measure, scrollTo } = useWindowedRows(body, {
    count: rows.length,
    keyOf: keyAt,
    rowHeight: isCards ? CARD_HEIGHT : ROW_HEIGHT,
    kept: focused,
  });
  const { onFocus, onBlur } = useRowFocus(body, rows.length, keyAt, focused);
  const revealed = useReveal(body, reveal, rows.length, keyAt, scrollTo);

  // The roles are said, since the cards' display values would take them away.
  return (
    <div ref={box} className="table-box">
      <table
        className={isCards ? 'table cards' : 'table'}
        role="table"
        aria-label={label}
        aria-rowcount={measure && rows.length + 1}
        onFocus={onFocus}
        onBlur={onBlur}
      >
        <colgroup>
          {columns.map(({ title, width: fixed }) => (
            <col key={title} style={fixed === undefined ? undefined : { width: fixed }} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ title, isActions }) => (
              <th key={title} scope="col" role="columnheader" className={isActions ? 'actions' : undefined}>
                {isActions ? <span className="visually-hidden">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} role="rowgroup">
          {shown.flatMap(({ index, gap }) => {
            const row = rows[index];
            if (row === undefined) return [];
            const key = keyOf(row);
            return [
              gap > 0 && <Gap key={`before ${key}`} height={gap} />,
              <TableRow
                key={key}
                rowKey={key}
                index={index}
                row={row}
                columns={columns as readonly Column<unknown>[]}
                measure={measure}
                isRevealed={key === revealed}
              />,
            ];
          })}
          {below > 0 && <Gap key="below" height={below} />}
        </tbody>
      </table>
    </div>
  );
}

function needed<Row>(columns: readonly Column<Row>[]): number {
  return columns.reduce((sum, { width = MIN_REST }) => sum + width, 0);
}

/** Stands for rows that are not rendered. */
function Gap({ height }: { readonly height: number }) {
  return (
    <tr className="gap" role="presentation" aria-hidden="true">
      <td style={{ height }} />
    </tr>
  );
}

interface TableRowProps {
  readonly rowKey: string;
  readonly index: number;
  readonly row: unknown;
  readonly columns: readonly Column<unknown>[];
  readonly measure: ((row: HTMLElement | null) => void) | undefined;
  readonly isRevealed: boolean;
}

const TableRow = memo(function TableRow({ rowKey, index, row, columns, measure, isRevealed }: TableRowProps) {
  return (
    <tr
      ref={measure}
      role="row"
      className={isRevealed ? 'revealed' : undefined}
      data-key={rowKey}
      data-index={index}
      aria-rowindex={measure && index + 2}
    >
      {columns.map((column) => (
        <Cell key={column.title} column={column} row={row} />
      ))}
    </tr>
  );
});

function Cell<Row>({
  column: { title, cell, isHead, isActions = false, isCorner = isActions },
  row,
}: {
  readonly column: Column<Row>;
  readonly row: Row;
}) {
  if (isHead) {
    return (
      <th scope="row" role="rowheader" tabIndex={-1}>
        {cell(row)}
      </th>
    );
  }
  return (
    <td role="cell" className={[isActions && 'actions', isCorner && 'corner'].filter(Boolean).join(' ')}>
      {!isCorner && (
        <span className="cell-title" aria-hidden="true">
          {title}
        </span>
      )}
      <div className="cell-body">{cell(row)}</div>
    </td>
  );
}
