/** Says that a name exists, before its value is replaced. */

import { useEffect, useRef } from 'react';
import type { SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { Notice } from '../ui/notice';
import { When } from '../ui/when';
import { SecretUse } from './secret-use';

interface ReplaceWarningProps {
  readonly standing: SecretName;
  readonly revokesRunning: boolean;
  readonly onRevokes: (revokes: boolean) => void;
}

export function ReplaceWarning({ standing, revokesRunning, onRevokes }: ReplaceWarningProps) {
  // The button that was pressed is gone. The focus goes to what is to be read, and not to what would go on.
  const warning = useRef<HTMLDivElement>(null);
  useEffect(() => warning.current?.focus(), []);
  return (
    <div ref={warning} className="warning-focus" tabIndex={-1}>
      <Notice tone="warning">
        <p>
          <strong translate="no">{standing.name}</strong>
          <strong> already exists</strong> (added <When time={standing.createTime} to="day" />
          ). Saving replaces its value, and the old one cannot be brought back.
        </p>
        <SecretUse name={standing.name} />
        <label className="check">
          <input
            type="checkbox"
            checked={revokesRunning}
            onChange={(event) => onRevokes(event.target.checked)}
          />
          Also take the old value from executions that are already running
        </label>
      </Notice>
    </div>
  );
}
