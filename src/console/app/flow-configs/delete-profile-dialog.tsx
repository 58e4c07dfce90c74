/** Asks before a profile is deleted with the override values that it holds. */

import { Code } from '@connectrpc/connect';
import { useMutation } from '@connectrpc/connect-query';
import { FlowConfigsService, type FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { useRefresh } from '../connection';
import { failureCode } from '../failure';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Names } from '../ui/names';

interface DeleteProfileDialogProps {
  readonly config: FlowConfig;
  readonly onClose: () => void;
  readonly onDeleted: (how: 'was deleted' | 'had been deleted already') => void;
}

export function DeleteProfileDialog({ config, onClose, onDeleted }: DeleteProfileDialogProps) {
  const refresh = useRefresh();
  const deletion = useMutation(FlowConfigsService.method.deleteFlowConfig, {
    onSuccess() {
      onDeleted('was deleted');
      void refresh();
    },
    onError(error) {
      if (failureCode(error) === Code.NotFound) onDeleted('had been deleted already');
      void refresh();
    },
  });
  const names = config.overrides.map(({ name }) => name);
  return (
    <ConfirmDialog
      title={`Delete profile ${config.profileName}?`}
      action={{ label: 'Delete profile', busy: 'Deleting…' }}
      isBusy={deletion.isPending}
      error={deletion.error}
      onConfirm={() => deletion.mutate({ configId: config.configId, etag: config.etag })}
      onClose={onClose}
    >
      <p>
        Runs of <code translate="no">{config.flowId}</code> that name it will be refused.
        {config.profileName === 'default' && ' Runs that name no profile get the tenant default.'}
        {names.length > 0 && ' The values that it holds for these names are deleted with it:'}
      </p>
      {names.length > 0 && (
        <Names
          label="Names that it overrides"
          names={names.map((name) => ({ key: name, text: <code translate="no">{name}</code> }))}
        />
      )}
    </ConfirmDialog>
  );
}
