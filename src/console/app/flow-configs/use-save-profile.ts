/**
 * Saving a profile: the profile itself, then each override, then the removals.
 *
 * These are calls of their own, so one may fail after another took effect. What took effect leaves
 * the form at once; what failed stays in it with what the service says, and saving again goes on there.
 */

import { createClient } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import type { Duration } from '@bufbuild/protobuf/wkt';
import { useState } from 'react';
import { FlowConfigsService, type FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import type { ConfigId } from '../../../domain/ids';
import { configScope } from '../../../domain/scope';
import { useRefresh } from '../connection';
import { fieldProblem } from '../failure';
import { secretNameProblem } from '../name-rules';
import { useSealing } from '../sealing/use-sealing';
import type { OverrideDraft } from './override-draft';

/** What the form holds. */
export interface ProfileInput {
  readonly profileName: string;
  readonly nodeTimeout: Duration | undefined;
  readonly drafts: readonly OverrideDraft[];
  readonly removed: ReadonlySet<string>;
  readonly onDrafts: (drafts: readonly OverrideDraft[]) => void;
  readonly onRemoved: (removed: ReadonlySet<string>) => void;
}

interface CheckedDraft {
  readonly draft: OverrideDraft;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function useSaveProfile(
  flowId: string,
  config: FlowConfig | undefined,
  onSaved: (saved: FlowConfig) => void,
) {
  const client = createClient(FlowConfigsService, useTransport());
  const refresh = useRefresh();
  const seal = useSealing();
  const [standing, setStanding] = useState(config);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function saveProfile({ profileName, nodeTimeout }: ProfileInput): Promise<FlowConfig> {
    const timeout = nodeTimeout === undefined ? {} : { nodeTimeout };
    const answer =
      standing === undefined
        ? await client.createFlowConfig({ flowId, profileName, ...timeout })
        : await client.updateFlowConfig({
            ...{
              configId: standing.configId,
              etag: standing.etag,
              profileName: profileName || 'default',
              ...timeout,
            },
            clearNodeTimeout: nodeTimeout === undefined,
          });
    if (answer.flowConfig === undefined) throw new Error('the service answered without the profile');
    return answer.flowConfig;
  }

  async function saveOverrides(
    { configId }: FlowConfig,
    checked: readonly CheckedDraft[],
    input: ProfileInput,
  ): Promise<void> {
    let open = checked.map(({ draft }) => draft);
    for (const { draft, bytes } of checked) {
      const { replacesEtag: etag = '', value } = draft;
      const name = draft.name.trim();
      try {
        const content = await seal({ scope: configScope(configId as ConfigId), name }, bytes);
        await client.setSecretOverride({ configId, name, content, etag });
      } catch (failure) {
        const problems = {
          nameProblem: fieldProblem(failure, 'name'),
          valueProblem: fieldProblem(failure, 'value'),
        };
        input.onDrafts(open.map((one) => (one === draft ? { ...one, ...problems } : one)));
        throw failure;
      }
      value.current?.clear();
      open = open.filter((one) => one !== draft);
      input.onDrafts(open);
    }
  }

  async function removeOverrides(
    { configId, overrides }: FlowConfig,
    { removed, onRemoved }: ProfileInput,
  ): Promise<void> {
    for (const { name, etag } of overrides.filter((one) => removed.has(one.name))) {
      await client.deleteSecretOverride({ configId, name, etag });
    }
    onRemoved(new Set());
  }

  /** After a part took effect: what is there now is what the form goes on from. */
  async function lookAgain({ configId }: FlowConfig): Promise<void> {
    const { flowConfig } = await client.getFlowConfig({ configId });
    setStanding(flowConfig);
  }

  async function run(input: ProfileInput): Promise<void> {
    const checked = check(input, standing);
    if (checked === undefined) return;
    setBusy(true);
    setError(undefined);
    let saved = standing;
    try {
      saved = await saveProfile(input);
      await saveOverrides(saved, checked, input);
      await removeOverrides(saved, input);
      onSaved(saved);
    } catch (failure) {
      setError(failure);
      if (saved !== undefined) await lookAgain(saved).catch(() => undefined);
    } finally {
      for (const { bytes } of checked) bytes.fill(0);
      setBusy(false);
      await refresh();
    }
  }

  return { run, standing, error, isBusy };
}

/** Takes every draft's value, or none and says in the form what is missing. */
function check(
  { drafts, onDrafts }: ProfileInput,
  standing: FlowConfig | undefined,
): CheckedDraft[] | undefined {
  const problems = new Map(drafts.map((draft) => [draft, nameProblem(draft, drafts, standing)]));
  if ([...problems.values()].some((problem) => problem !== undefined)) {
    onDrafts(drafts.map((draft) => ({ ...draft, nameProblem: problems.get(draft) })));
    return undefined;
  }
  const taken = drafts.map((draft) => ({ draft, bytes: draft.value.current?.take() }));
  const isWhole = (one: (typeof taken)[number]): one is CheckedDraft => one.bytes !== undefined;
  if (taken.every(isWhole)) return taken;
  for (const { bytes } of taken) bytes?.fill(0);
  return undefined;
}

function nameProblem(
  draft: OverrideDraft,
  drafts: readonly OverrideDraft[],
  standing: FlowConfig | undefined,
): string | undefined {
  const name = draft.name.trim();
  if (name === '') return 'Pick or type a name.';
  const wrong = secretNameProblem(name);
  if (wrong !== undefined) return wrong;
  if (draft.replacesEtag === undefined && standing?.overrides.some((override) => override.name === name)) {
    return `This profile overrides ${name} already: use Replace beside it.`;
  }
  if (drafts.some((other) => other !== draft && other.name.trim() === name)) return `${name} is here twice.`;
  return undefined;
}
