/** Secret overrides in a profile's form: names that exist, and new values in the same masked field as a secret's. */

import { useMemo, useRef } from 'react';
import type { SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { useSecretNames } from '../secrets/use-secret-names';
import { TrashIcon } from '../ui/icons';
import { WholeName } from '../ui/whole-name';
import { Words } from '../ui/words';
import { newDraft, type OverrideDraft } from './override-draft';
import { OverrideFields } from './override-fields';

interface OverridesEditorProps {
  /** Overrides that the profile has. */
  readonly standing: readonly SecretName[];
  /** Names of those that saving will remove. */
  readonly removed: ReadonlySet<string>;
  readonly drafts: readonly OverrideDraft[];
  readonly onRemoved: (removed: ReadonlySet<string>) => void;
  readonly onDrafts: (drafts: readonly OverrideDraft[]) => void;
}

export function OverridesEditor({ standing, removed, drafts, onRemoved, onDrafts }: OverridesEditorProps) {
  const secrets = useSecretNames();
  const addButton = useRef<HTMLButtonElement>(null);
  const names = useMemo(() => {
    const taken = new Set(standing.map(({ name }) => name));
    return (secrets.data?.secrets ?? []).map(({ name }) => name).filter((name) => !taken.has(name));
  }, [secrets.data, standing]);

  function toggleRemoved(name: string) {
    const next = new Set(removed);
    if (!next.delete(name)) next.add(name);
    onRemoved(next);
    onDrafts(drafts.filter((draft) => draft.name !== name));
  }

  return (
    <fieldset className="overrides">
      <legend>Secret overrides</legend>
      <p className="field-hint">
        Runs with this profile read these values in place of the tenant’s. They are encrypted and never shown
        again.
      </p>
      {standing.length > 0 && (
        <ul className="override-rows">
          {standing.map(({ name, etag }) => (
            <StandingOverride
              key={name}
              name={name}
              isRemoved={removed.has(name)}
              isReplaced={drafts.some((draft) => draft.name === name)}
              onReplace={() => onDrafts([...drafts, newDraft(name, etag)])}
              onToggleRemoved={() => toggleRemoved(name)}
            />
          ))}
        </ul>
      )}
      {drafts.map((draft) => (
        <OverrideFields
          key={draft.key}
          draft={draft}
          names={names}
          onName={(name) =>
            onDrafts(drafts.map((one) => (one === draft ? { ...one, name, nameProblem: undefined } : one)))
          }
          onDrop={() => {
            onDrafts(drafts.filter((one) => one !== draft));
            // The button that was pressed goes with the draft.
            addButton.current?.focus();
          }}
        />
      ))}
      <button
        ref={addButton}
        type="button"
        className="button"
        aria-disabled={secrets.isPending || undefined}
        onClick={() => !secrets.isPending && onDrafts([...drafts, newDraft('')])}
      >
        + Add override
      </button>
    </fieldset>
  );
}

interface StandingOverrideProps {
  readonly name: string;
  readonly isRemoved: boolean;
  readonly isReplaced: boolean;
  readonly onReplace: () => void;
  readonly onToggleRemoved: () => void;
}

function StandingOverride({
  name,
  isRemoved,
  isReplaced,
  onReplace,
  onToggleRemoved,
}: StandingOverrideProps) {
  return (
    <li>
      <WholeName name={name} />
      <span className="override-fate" role="status">
        {isRemoved && <Words text="Removed when you save" />}
        {isReplaced && <Words text="Replaced when you save" />}
      </span>
      {!isRemoved && !isReplaced && (
        <button
          type="button"
          className="button small"
          aria-label={`Replace the override of ${name}`}
          onClick={onReplace}
        >
          Replace
        </button>
      )}
      {isRemoved ? (
        <button
          type="button"
          className="button small"
          aria-label={`Keep the override of ${name}`}
          onClick={onToggleRemoved}
        >
          Keep
        </button>
      ) : (
        <button
          type="button"
          className="button icon-only danger-hover"
          aria-label={`Remove the override of ${name}`}
          title="Remove"
          onClick={onToggleRemoved}
        >
          <TrashIcon />
        </button>
      )}
    </li>
  );
}
