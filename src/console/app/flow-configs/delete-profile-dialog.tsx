/** Asks before a profile is deleted with the override values that it holds. */

import { useMutation } from '@connectrpc/connect-query';
import { FlowConfigsService, type FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { useRefresh } from '../connection';
import { failureText } from '../failure';
import { Dialog, DialogActions } from '../ui/dialog';
import { ErrorNotice } from '../ui/notice';

interface DeleteProfileDialogProps {
  readonly config: FlowConfig;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

export function DeleteProfileDialog({ config, onClose, onDeleted }: DeleteProfileDialogProps) {
  const refresh = useRefresh();
  const deletion = useMutation(FlowConfigsService.method.deleteFlowConfig, {
    onSuccess() {
      onDeleted();
      void refresh();
    },
    onError: () => void refresh(),
  });
  const names = config.overrides.map(({ name }) => name);
  return (
    <Dialog title={`Delete profile ${config.profileName}?`} onClose={onClose}>
      <div className="stack">
        <p>
          Runs of <code>{config.flowId}</code> that name it will be refused.
          {names.length > 0 && ' The values that it holds for these names are deleted with it:'}
        </p>
        {names.length > 0 && (
          <ul className="names">
            {names.map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
        )}
        {deletion.error && <ErrorNotice text={failureText(deletion.error)} />}
        <DialogActions>
          <button type="button" className="button" data-autofocus="" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button danger"
            disabled={deletion.isPending}
            onClick={() => deletion.mutate({ configId: config.configId, etag: config.etag })}
          >
            {deletion.isPending ? 'Deleting…' : 'Delete profile'}
          </button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
