/** The tenant's API keys, masked. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { useMemo } from 'react';
import { Role, type ApiKey } from '../../../gen/axiom/access/v1/access_pb';
import { Table } from '../ui/table';
import type { Reveal } from '../ui/use-reveal';
import { When } from '../ui/when';
import { WholeName } from '../ui/whole-name';

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  [Role.UNSPECIFIED]: '',
  [Role.VIEWER]: 'viewer',
  [Role.EDITOR]: 'editor',
  [Role.ADMIN]: 'admin',
};

interface ApiKeysTableProps {
  readonly keys: readonly ApiKey[];
  readonly made: Reveal | undefined;
  readonly onRevoke: (key: ApiKey) => void;
}

const COLUMNS = [
  {
    title: 'Name',
    isHead: true,
    cell: (key: ApiKey) => (
      <span className="with-badge">
        <WholeName name={key.displayName} isPlain /> <span className="badge">{ROLE_NAMES[key.role]}</span>
      </span>
    ),
  },
  {
    title: 'Key',
    width: 150,
    cell: ({ maskedKey }: ApiKey) => (
      <code className="whole" translate="no">
        {maskedKey}
      </code>
    ),
  },
  {
    title: 'Created',
    width: 132,
    cell: (key: ApiKey) => (
      <>
        <When time={key.createTime} to="day" />
        <Ending apiKey={key} />
      </>
    ),
  },
  {
    title: 'Last used',
    width: 164,
    cell: ({ lastUseTime }: ApiKey) => <When time={lastUseTime} none="Never" />,
  },
];

export function ApiKeysTable({ keys, made, onRevoke }: ApiKeysTableProps) {
  const columns = useMemo(
    () => [
      ...COLUMNS,
      {
        title: 'Actions',
        isActions: true,
        width: 104,
        cell: (key: ApiKey) =>
          key.revokeTime === undefined && (
            <button
              type="button"
              className="button small"
              aria-label={`Revoke ${key.displayName}`}
              onClick={() => onRevoke(key)}
            >
              Revoke
            </button>
          ),
      },
    ],
    [onRevoke],
  );
  return <Table label="API keys" columns={columns} rows={keys} keyOf={({ keyId }) => keyId} reveal={made} />;
}

function Ending({ apiKey: { expireTime, revokeTime } }: { readonly apiKey: ApiKey }) {
  if (revokeTime !== undefined) {
    return (
      <p className="cell-note">
        Revoked <When time={revokeTime} to="day" />
      </p>
    );
  }
  if (expireTime === undefined) return null;
  return (
    <p className="cell-note">
      {timestampMs(expireTime) < Date.now() ? 'Expired' : 'Expires'} <When time={expireTime} to="day" />
    </p>
  );
}
