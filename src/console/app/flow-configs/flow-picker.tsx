/** Picks the tenant default or a flow; a flow that has never run can be typed. */

import { useQuery } from '@connectrpc/connect-query';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { FlowConfigsService } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { failureText } from '../failure';
import { flowIdProblem } from '../name-rules';
import { Field } from '../ui/field';
import { ErrorNotice } from '../ui/notice';

/** No flow's id: those have no spaces. */
const ANOTHER = 'another flow';

interface FlowPickerProps {
  /** Empty: the tenant default. */
  readonly flowId: string;
  readonly onPick: (flowId: string) => void;
  /** What is shown of the pick; nothing while another is being typed. */
  readonly children: ReactNode;
}

export function FlowPicker({ flowId, onPick, children }: FlowPickerProps) {
  const flows = useQuery(FlowConfigsService.method.listFlows, { pageSize: 1_000 });
  // Typing belongs to the page it was begun on: going back or elsewhere ends it.
  const [typingAt, setTypingAt] = useState<string>();
  const isTyping = typingAt === flowId;
  const setTyping = (isOn: boolean) => setTypingAt(isOn ? flowId : undefined);
  const select = useRef<HTMLSelectElement>(null);
  const known = flows.data?.flowIds ?? [];
  const shown = flowId === '' || known.includes(flowId) ? known : [flowId, ...known];

  return (
    <>
      <div className="picker">
        <Field label="Flow">
          {(control) => (
            <select
              {...control}
              ref={select}
              value={isTyping ? ANOTHER : flowId}
              onChange={({ target: { value } }) => {
                setTyping(value === ANOTHER);
                if (value !== ANOTHER) onPick(value);
              }}
            >
              <option value="">Tenant default (all flows)</option>
              {shown.map((id) => (
                <option key={id}>{id}</option>
              ))}
              <option value={ANOTHER}>Another flow…</option>
            </select>
          )}
        </Field>
        {isTyping && (
          <TypedFlow
            onPick={(typed) => {
              setTyping(false);
              onPick(typed);
              // The form that had the focus is gone.
              select.current?.focus();
            }}
          />
        )}
        {flows.error !== null && (
          <ErrorNotice text={failureText(flows.error)} onRetry={() => void flows.refetch()} />
        )}
      </div>
      {!isTyping && children}
    </>
  );
}

function TypedFlow({ onPick }: { readonly onPick: (flowId: string) => void }) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  function submit(event: FormEvent) {
    event.preventDefault();
    const wrong = flowIdProblem(typed.trim());
    setProblem(wrong);
    if (wrong === undefined) onPick(typed.trim());
    else input.current?.focus();
  }
  return (
    <form className="typed-flow" onSubmit={submit} noValidate autoComplete="off">
      <Field label="Flow ID" problem={problem}>
        {(control) => (
          <input
            {...control}
            ref={input}
            className="mono"
            translate="no"
            autoFocus
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setProblem(undefined);
            }}
          />
        )}
      </Field>
      <button type="submit" className="button">
        Open flow
      </button>
    </form>
  );
}
