/** Audit events as a table: API keys by the names that people gave them. */

import { useQuery } from '@connectrpc/connect-query';
import { AccessService } from '../../../gen/axiom/access/v1/access_pb';
import type { AuditEvent } from '../../../gen/axiom/audit/v1/audit_pb';
import { Table, type Column } from '../ui/table';
import { When } from '../ui/when';

/** The display name of a key's id, where the tenant has or had such a key. */
type KeyName = (keyId: string) => string | undefined;

export function EventsTable({ events }: { readonly events: readonly AuditEvent[] }) {
  const keys = useQuery(AccessService.method.listApiKeys, { pageSize: 1_000 });
  const names = new Map(keys.data?.apiKeys.map(({ keyId, displayName }) => [keyId, displayName]));
  return (
    <Table
      label="Audit log"
      columns={columns((keyId) => names.get(keyId))}
      rows={events}
      keyOf={({ sequence }) => String(sequence)}
    />
  );
}

function columns(keyName: KeyName): Column<AuditEvent>[] {
  return [
    { title: 'Action', isHead: true, cell: (event) => <Action event={event} /> },
    { title: 'Time', cell: ({ time }) => <When time={time} /> },
    {
      title: 'To',
      cell: ({ resource, scope, node }) => (
        <>
          <Named id={resource} name={keyName(resource)} />
          <p className="cell-note">{[scope, node].filter(Boolean).join(', ')}</p>
        </>
      ),
    },
    {
      title: 'By',
      cell: ({ principal, door }) => (
        <>
          <Named id={principal} name={keyName(principal.replace(/^api-key:/, ''))} />
          <p className="cell-note">{door} door</p>
        </>
      ),
    },
    { title: 'Outcome', cell: (event) => <Outcome event={event} /> },
  ];
}

function Action({ event: { action, count } }: { readonly event: AuditEvent }) {
  return (
    <>
      <code className="whole">{action}</code>
      {count > 1 && <span className="cell-note whole"> × {count.toLocaleString()}</span>}
    </>
  );
}

function Named({ id, name }: { readonly id: string; readonly name: string | undefined }) {
  return name === undefined ? <code>{id}</code> : <span title={id}>{name}</span>;
}

function Outcome({ event: { allowed, status } }: { readonly event: AuditEvent }) {
  return (
    <span className={allowed && status === 'OK' ? 'badge good' : 'badge warn'}>
      {allowed ? status : 'denied'}
    </span>
  );
}
