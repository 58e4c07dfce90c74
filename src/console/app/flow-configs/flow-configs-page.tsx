/** The Flow Configs page: the tenant's default, or the profiles of the flow that is picked. */

import { useSearchParams } from 'wouter';
import { PageHeader } from '../ui/page-header';
import { FlowPicker } from './flow-picker';
import { Profiles } from './profiles';
import { TenantDefaultForm } from './tenant-default-form';

export function FlowConfigsPage() {
  const [params, setParams] = useSearchParams();
  const flowId = params.get('flow') ?? '';
  return (
    <>
      <PageHeader
        title="Flow Configs"
        lead="How long a node may run, and which secrets have another value, for every flow or for one. A change reaches the next run."
      />
      <FlowPicker flowId={flowId} onPick={(picked) => setParams(picked === '' ? {} : { flow: picked })}>
        {flowId === '' ? <TenantDefaultForm /> : <Profiles key={flowId} flowId={flowId} />}
      </FlowPicker>
    </>
  );
}
