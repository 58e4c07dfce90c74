/** The API keys page: who may come in, for admins. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { useCallback, useState } from 'react';
import {
  AccessService,
  type ApiKey,
  type CreateApiKeyResponse,
} from '../../../gen/axiom/access/v1/access_pb';
import { AdminsOnly } from '../shell/admins-only';
import { DoneNotice, type Done } from '../ui/done';
import { PlusIcon } from '../ui/icons';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import type { Reveal } from '../ui/use-reveal';
import { ApiKeysTable } from './api-keys-table';
import { CreateApiKeyDialog } from './create-api-key-dialog';
import { standingOf, useOwnKeyId } from './key-standing';
import { RevokeDialog } from './revoke-dialog';
import { SaveApiKeyDialog } from './save-api-key-dialog';

export function ApiKeysPage() {
  return (
    <AdminsOnly title="API keys">
      <ApiKeys />
    </AdminsOnly>
  );
}

/** What is open: at most one dialog. */
type Open =
  | { readonly dialog: 'create' }
  | { readonly dialog: 'save'; readonly made: CreateApiKeyResponse }
  | { readonly dialog: 'revoke'; readonly key: ApiKey };

function ApiKeys() {
  const query = useInfiniteQuery(
    AccessService.method.listApiKeys,
    { pageSize: 1_000, pageToken: '' },
    PAGING,
  );
  const [open, setOpen] = useState<Open>();
  const [showsRevoked, setShowsRevoked] = useState(false);
  const [made, setMade] = useState<Reveal>();
  const [done, setDone] = useState<Done>();
  const ownKeyId = useOwnKeyId();
  const keys = query.data?.pages.flatMap(({ apiKeys }) => apiKeys);
  const revokedCount = keys?.filter(({ revokeTime }) => revokeTime !== undefined).length ?? 0;
  const rows = keys?.filter(({ revokeTime }) => showsRevoked || revokeTime === undefined);
  const close = () => setOpen(undefined);
  const start = useCallback((dialog: Open) => {
    setDone(undefined);
    setOpen(dialog);
  }, []);
  const startRevoking = useCallback((key: ApiKey) => start({ dialog: 'revoke', key }), [start]);

  return (
    <>
      <PageHeader
        title="API keys"
        lead="Keys for the console, the axiom command and your own programs. Only a hash of a key is stored."
        action={
          <button type="button" className="button primary" onClick={() => start({ dialog: 'create' })}>
            <PlusIcon />
            <span>Create key</span>
          </button>
        }
      />
      <DoneNotice done={done} />
      <Listing query={query} rows={rows} what="API keys" empty={<Empty title="No API keys yet." />}>
        {(shown) => <ApiKeysTable keys={shown} made={made} onRevoke={startRevoking} />}
      </Listing>
      <ShowMore query={query} label="Show more keys" />
      {revokedCount > 0 && (
        <label className="check">
          <input
            type="checkbox"
            checked={showsRevoked}
            onChange={(event) => setShowsRevoked(event.target.checked)}
          />
          Show revoked keys ({revokedCount})
        </label>
      )}
      {open?.dialog === 'create' && (
        <CreateApiKeyDialog onClose={close} onCreated={(made) => setOpen({ dialog: 'save', made })} />
      )}
      {open?.dialog === 'save' && (
        <SaveApiKeyDialog
          made={open.made}
          onDone={() => {
            setMade({ key: open.made.apiKey?.keyId ?? '' });
            close();
          }}
        />
      )}
      {open?.dialog === 'revoke' && (
        <RevokeDialog
          apiKey={open.key}
          standing={standingOf(open.key, keys ?? [], ownKeyId)}
          onClose={close}
          onRevoked={() => {
            setDone({ text: `${open.key.displayName} was revoked. Nothing can use it any more.` });
            close();
          }}
        />
      )}
    </>
  );
}
