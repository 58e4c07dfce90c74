/** The tenant default: one node timeout for every flow, saved when the field loses the focus. */

import { useQuery } from '@connectrpc/connect-query';
import { useRef, useState, type FormEvent } from 'react';
import { FlowConfigsService, type TenantDefault } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { failureText } from '../failure';
import { useMayEdit } from '../session/use-session';
import { Field } from '../ui/field';
import { Loading } from '../ui/listing';
import { ErrorNotice } from '../ui/notice';
import { Words } from '../ui/words';
import { parseTimeout, secondsOf, TIMEOUT_PROBLEM } from './node-timeout';
import { TimeoutInput, typedSeconds } from './timeout-input';
import { useSaveTenantDefault } from './use-save-tenant-default';

export function TenantDefaultForm() {
  const query = useQuery(FlowConfigsService.method.getTenantDefault, {});
  const found = query.data?.tenantDefault;
  const problem = query.error !== null && (
    <ErrorNotice text={failureText(query.error)} onRetry={() => void query.refetch()} />
  );
  if (found === undefined) return problem || <Loading what="the tenant default" />;
  return (
    <>
      <LoadedForm tenantDefault={found} />
      {problem}
    </>
  );
}

function LoadedForm({ tenantDefault }: { readonly tenantDefault: TenantDefault }) {
  const { nodeTimeout, effectiveNodeTimeout } = tenantDefault;
  const mayEdit = useMayEdit();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const { save, isBusy, isSaved, error } = useSaveTenantDefault(tenantDefault, input);

  function check() {
    if (input.current === null || !mayEdit) return;
    const typed = typedSeconds(input.current);
    try {
      const timeout = parseTimeout(typed);
      setProblem(undefined);
      save(typed, timeout);
    } catch {
      setProblem(TIMEOUT_PROBLEM);
    }
  }

  const source = nodeTimeout === undefined ? 'the platform’s default' : 'your tenant’s default';
  // What was saved before says nothing of what is typed now and wrong.
  const isSaidSaved = isSaved && problem === undefined;
  const inForce = `In force: ${secondsOf(effectiveNodeTimeout)} s, ${source}.${isSaidSaved ? ' Saved.' : ''}`;
  return (
    <form
      className="card stack"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        check();
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
            defaultValue={secondsOf(nodeTimeout)}
            placeholder="300"
            readOnly={!mayEdit}
            onBlur={check}
          />
        )}
      </Field>
      <p className="in-force" role="status">
        <Words text={isBusy ? 'Saving…' : inForce} />
      </p>
      {error !== null && problem === undefined && <ErrorNotice text={failureText(error)} />}
    </form>
  );
}
