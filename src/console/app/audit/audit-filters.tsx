/** The audit log's filters: a part of a name is searched for when asked to, the rest at once. */

import { useQuery } from '@connectrpc/connect-query';
import { TENANT_ACTIONS } from '../../../domain/audit-actions';
import { AccessService } from '../../../gen/axiom/access/v1/access_pb';
import { Field } from '../ui/field';
import { OUTCOMES, type AuditSearch } from './audit-search';

const KINDS = [
  { value: 'engine:', title: 'Engines' },
  { value: 'sidecar:', title: 'Sidecars' },
  { value: 'oidc:', title: 'People of the OpenID provider' },
  { value: 'operator', title: 'The operator' },
];

interface AuditFiltersProps {
  readonly search: AuditSearch;
  readonly onSearch: (search: AuditSearch) => void;
}

export function AuditFilters({ search, onSearch }: AuditFiltersProps) {
  const keys = useQuery(AccessService.method.listApiKeys, { pageSize: 1_000 }).data?.apiKeys ?? [];
  const set = (change: Partial<AuditSearch>) => onSearch({ ...search, ...change });
  return (
    <form
      className="audit-filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        set({ part: String(new FormData(event.currentTarget).get('part')).trim() });
      }}
    >
      <div className="filter-form">
        <input
          // What is in the address, also after Back.
          key={search.part}
          type="search"
          name="part"
          className="filter"
          aria-label="Only what was done to"
          placeholder="A part of a name or of an id"
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          defaultValue={search.part}
        />
        <button type="submit" className="button">
          Find
        </button>
      </div>
      <Field label="Action">
        {(control) => (
          <select {...control} value={search.action} onChange={({ target }) => set({ action: target.value })}>
            <option value="">Any action</option>
            {TENANT_ACTIONS.map((action) => (
              <option key={action}>{action}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="By">
        {(control) => (
          <select {...control} value={search.by} onChange={({ target }) => set({ by: target.value })}>
            <option value="">Anybody</option>
            {KINDS.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
            {keys.map(({ keyId, displayName }) => (
              <option key={keyId} value={`api-key:${keyId}`}>
                {displayName}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Outcome">
        {(control) => (
          <select
            {...control}
            value={search.outcome}
            onChange={({ target }) => set({ outcome: target.value })}
          >
            {OUTCOMES.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="From">
        {(control) => (
          <input
            {...control}
            type="date"
            value={search.from}
            onChange={({ target }) => set({ from: target.value })}
          />
        )}
      </Field>
      <Field label="Until">
        {(control) => (
          <input
            {...control}
            type="date"
            value={search.until}
            onChange={({ target }) => set({ until: target.value })}
          />
        )}
      </Field>
    </form>
  );
}
