/** What a change of a secret touches: when and by what its value was last read, and how many executions hold it now. */

import { useQuery } from '@connectrpc/connect-query';
import { UsageService } from '../../../gen/axiom/usage/v1/usage_pb';
import { failureText } from '../failure';
import { ErrorNotice } from '../ui/notice';
import { When } from '../ui/when';
import { Words } from '../ui/words';

/** From here on the service does not count on (axiom.usage.v1). */
const MANY = 10_000;

export function SecretUse({ name }: { readonly name: string }) {
  const query = useQuery(UsageService.method.getSecretUsage, { name }, { gcTime: 0, staleTime: 0 });
  if (query.error !== null) return <ErrorNotice text={failureText(query.error)} />;
  const { usage, runningExecutionCount } = query.data ?? {};
  return (
    <dl className="use" aria-busy={query.isPending}>
      <div>
        <dt>Last read</dt>
        <dd>
          {usage === undefined && <Words text="…" />}
          {usage !== undefined && usage.lastReadTime === undefined && (
            <Words text="No read has been reported." />
          )}
          {usage?.lastReadTime !== undefined && (
            <span>
              <When time={usage.lastReadTime} /> by <span translate="no">{usage.lastReadNode}</span> in{' '}
              <span translate="no">{usage.lastReadPackage}</span>
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt>Running now</dt>
        <dd>
          <Words text={runningExecutionCount === undefined ? '…' : holders(runningExecutionCount)} />
        </dd>
      </div>
    </dl>
  );
}

function holders(count: number): string {
  if (count === 0) return 'No execution holds its value.';
  if (count === 1) return '1 execution holds its value.';
  const shown =
    count >= MANY ? `${MANY.toLocaleString()} executions or more` : `${count.toLocaleString()} executions`;
  return `${shown} hold its value.`;
}
