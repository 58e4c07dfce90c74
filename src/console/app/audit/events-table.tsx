/** Audit events as a table: API keys, configs and executions by the names that people gave them. */

import { useMemo } from 'react';
import type { AuditEvent } from '../../../gen/axiom/audit/v1/audit_pb';
import { Table, type Column } from '../ui/table';
import { When } from '../ui/when';
import { useKnownNames, type KnownNames } from './known-names';

export function EventsTable({ events }: { readonly events: readonly AuditEvent[] }) {
  const names = useKnownNames();
  const columns = useMemo(() => columnsWith(names, flowsOf(events, names)), [names, events]);
  return (
    <Table label="Audit log" columns={columns} rows={events} keyOf={({ sequence }) => String(sequence)} />
  );
}

/** Which flow and profile an execution is of, by the events that name both: its start, its resolutions and its end. */
function flowsOf(events: readonly AuditEvent[], names: KnownNames): ReadonlyMap<string, string> {
  const steps = events.filter(({ action, allowed }) => allowed && action.startsWith('execution.'));
  return new Map(
    steps.map(({ executionId, resource }) => [executionId, names.ofConfig(resource) ?? resource]),
  );
}

function columnsWith(names: KnownNames, flows: ReadonlyMap<string, string>): Column<AuditEvent>[] {
  return [
    { title: 'Action', isHead: true, width: 196, cell: (event) => <Action event={event} /> },
    { title: 'Time', width: 184, cell: ({ time }) => <When time={time} to="second" /> },
    { title: 'To', cell: (event) => <Resource event={event} names={names} flows={flows} /> },
    {
      title: 'By',
      width: 196,
      cell: ({ principal, door, source }) => (
        <Named
          isWho
          id={principal}
          name={names.ofKey(principal.replace(/^api-key:/, ''))}
          note={[`${door} door`, source].filter(Boolean).join(', ')}
        />
      ),
    },
    { title: 'Outcome', width: 148, isCorner: true, cell: (event) => <Outcome event={event} /> },
  ];
}

function Action({ event: { action, count } }: { readonly event: AuditEvent }) {
  return (
    <>
      <code translate="no">{action}</code>
      {count > 1 && <span className="cell-note"> × {count.toLocaleString()}</span>}
    </>
  );
}

/** What it was done to, and where that belongs: a profile of a flow says more than its id. */
function Resource({
  event: { action, resource, scope, node, executionId },
  names,
  flows,
}: {
  readonly event: AuditEvent;
  readonly names: KnownNames;
  readonly flows: ReadonlyMap<string, string>;
}) {
  const configId = /^config:(.*)$/.exec(scope)?.[1];
  const place = configId === undefined ? scope : (names.ofConfig(configId) ?? scope);
  return (
    <Named
      id={resource}
      name={names.ofKey(resource) ?? names.ofConfig(resource)}
      note={[place, node, action === 'secret.read' ? (flows.get(executionId) ?? '') : '']
        .filter(Boolean)
        .join(', ')}
    />
  );
}

interface NamedProps {
  readonly id: string;
  /** What people call it, where it is known. */
  readonly name: string | undefined;
  readonly note: string;
  readonly isWho?: boolean;
}

function Named({ id, name, note, isWho = false }: NamedProps) {
  const shown = name ?? id;
  return (
    <span
      className={isWho ? 'clamped who' : 'clamped'}
      title={[name === undefined ? '' : name, id, note].filter(Boolean).join('\n')}
      translate="no"
    >
      {name === undefined ? <code>{shown}</code> : shown} <span className="cell-note">{note}</span>
    </span>
  );
}

function Outcome({ event: { allowed, status } }: { readonly event: AuditEvent }) {
  return (
    <span className={allowed && status === 'OK' ? 'badge good' : 'badge warn'} translate="no">
      {allowed ? status : 'denied'}
    </span>
  );
}
