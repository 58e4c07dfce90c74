/** The tenant default: one node timeout for every flow, saved when the field loses the focus. */

import { useMutation, useQuery } from '@connectrpc/connect-query';
import { useRef, useState, type FormEvent } from 'react';
import { FlowConfigsService, type TenantDefault } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { useRefresh } from '../connection';
import { failureText } from '../failure';
import { useMayEdit } from '../session/use-session';
import { Field } from '../ui/field';
import { Loading } from '../ui/listing';
import { ErrorNotice } from '../ui/notice';
import { parseTimeout, secondsOf, TIMEOUT_PROBLEM } from './node-timeout';
import { TimeoutInput, typedSeconds } from './timeout-input';

export function TenantDefaultForm() {
  const query = useQuery(FlowConfigsService.method.getTenantDefault, {});
  if (query.error !== null)
    return <ErrorNotice text={failureText(query.error)} onRetry={() => void query.refetch()} />;
  if (query.data?.tenantDefault === undefined) return <Loading what="the tenant default" />;
  return <LoadedForm tenantDefault={query.data.tenantDefault} />;
}

function LoadedForm({
  tenantDefault: { nodeTimeout, effectiveNodeTimeout, etag },
}: {
  readonly tenantDefault: TenantDefault;
}) {
  const mayEdit = useMayEdit();
  const refresh = useRefresh();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const update = useMutation(FlowConfigsService.method.updateTenantDefault, {
    onSuccess: refresh,
    onError: refresh,
  });

  function save() {
    if (input.current === null) return;
    const typed = typedSeconds(input.current);
    if (typed === secondsOf(nodeTimeout)) return setProblem(undefined);
    try {
      const timeout = parseTimeout(typed);
      setProblem(undefined);
      update.mutate(timeout === undefined ? { etag } : { nodeTimeout: timeout, etag });
    } catch {
      setProblem(TIMEOUT_PROBLEM);
    }
  }

  const source = nodeTimeout === undefined ? 'the platform’s default' : 'your tenant’s default';
  return (
    <form
      className="card stack"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save();
      }}
    >
      <Field
        label="Default node timeout (seconds)"
        problem={problem}
        hint="1 to 3600, saved when you leave the field. Leave it empty for the platform’s 300. A flow’s profile can say otherwise."
      >
        {(control) => (
          <TimeoutInput
            {...control}
            ref={input}
            key={etag}
            defaultValue={secondsOf(nodeTimeout)}
            placeholder="300"
            readOnly={!mayEdit}
            onBlur={save}
          />
        )}
      </Field>
      <p className="in-force" role="status">
        {update.isPending ? 'Saving…' : `In force: ${secondsOf(effectiveNodeTimeout)} s, ${source}.`}
        {update.isSuccess && !update.isPending && ' Saved.'}
      </p>
      {update.error && <ErrorNotice text={failureText(update.error)} />}
    </form>
  );
}
