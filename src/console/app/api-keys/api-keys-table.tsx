/** The tenant's API keys, masked. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Role, type ApiKey } from '../../../gen/axiom/access/v1/access_pb';
import { Table } from '../ui/table';
import { When } from '../ui/when';

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  [Role.UNSPECIFIED]: '',
  [Role.VIEWER]: 'viewer',
  [Role.EDITOR]: 'editor',
  [Role.ADMIN]: 'admin',
};

interface ApiKeysTableProps {
  readonly keys: readonly ApiKey[];
  readonly onRevoke: (key: ApiKey) => void;
}

export function ApiKeysTable({ keys, onRevoke }: ApiKeysTableProps) {
  const columns = [
    {
      title: 'Name',
      isHead: true,
      cell: (key: ApiKey) => (
        <>
          {key.displayName} <span className="badge">{ROLE_NAMES[key.role]}</span>
        </>
      ),
    },
    { title: 'Key', cell: ({ maskedKey }: ApiKey) => <code className="whole">{maskedKey}</code> },
    {
      title: 'Created',
      cell: (key: ApiKey) => (
        <>
          <When time={key.createTime} to="day" />
          <Ending apiKey={key} />
        </>
      ),
    },
    { title: 'Last used', cell: ({ lastUseTime }: ApiKey) => <When time={lastUseTime} none="Never" /> },
    {
      title: 'Actions',
      isActions: true,
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
  ];
  return <Table label="API keys" columns={columns} rows={keys} keyOf={({ keyId }) => keyId} />;
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
