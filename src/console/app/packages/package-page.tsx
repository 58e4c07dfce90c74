/** One package: its nodes, the secrets that each declares, and which of them the tenant has. */

import { useQuery } from '@connectrpc/connect-query';
import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import {
  PackagesService,
  type Package,
  type PackageNode,
  type RequiredSecret,
} from '../../../gen/axiom/packages/v1/packages_pb';
import { failureText } from '../failure';
import { AddSecretLink } from '../secrets/add-secret-link';
import { useMayEdit } from '../session/use-session';
import { Field } from '../ui/field';
import { Loading } from '../ui/listing';
import { ErrorNotice } from '../ui/notice';
import { PageHeader } from '../ui/page-header';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { WholeName } from '../ui/whole-name';
import { languageName } from './languages';
import { RequiredNames } from './required-names';

export function PackagePage({ name }: { readonly name: string }) {
  const [params, setParams] = useSearchParams();
  const query = useQuery(
    PackagesService.method.getPackage,
    { name, version: params.get('version') ?? '' },
    // Another version takes the place of the one on show, and the focus stays on the field that picked it.
    { placeholderData: keepPreviousData },
  );
  const found = query.data?.package;
  return (
    <>
      <p className="crumb">
        <Link href="/packages">Packages</Link>
      </p>
      <PageHeader title={name} lead={found?.description} />
      {query.error !== null && (
        <ErrorNotice text={failureText(query.error)} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Loading what="the package" />}
      {found !== undefined && <Details found={found} onVersion={(version) => setParams({ version })} />}
    </>
  );
}

interface DetailsProps {
  readonly found: Package;
  readonly onVersion: (version: string) => void;
}

function Details({ found, onVersion }: DetailsProps) {
  return (
    <>
      <div className="facts">
        <Field label="Version">
          {(control) => (
            <select
              {...control}
              className="mono"
              value={found.version}
              onChange={(event) => onVersion(event.target.value)}
            >
              {found.versions.map((version) => (
                <option key={version}>{version}</option>
              ))}
            </select>
          )}
        </Field>
        <dl>
          <div>
            <dt>Language</dt>
            <dd>{languageName(found.language)}</dd>
          </div>
          <div>
            <dt>Published</dt>
            <dd>
              <When time={found.createTime} />
            </dd>
          </div>
        </dl>
      </div>
      <section className="section" aria-labelledby="required-title">
        <h2 id="required-title">Required secrets</h2>
        {found.requiredSecrets.length === 0 ? (
          <p>No node of this package declares a secret.</p>
        ) : (
          <SecretsTable secrets={found.requiredSecrets} />
        )}
      </section>
      <section className="section" aria-labelledby="nodes-title">
        <h2 id="nodes-title">Nodes</h2>
        <NodesTable nodes={found.nodes} secrets={found.requiredSecrets} />
      </section>
    </>
  );
}

function SecretsTable({ secrets }: { readonly secrets: readonly RequiredSecret[] }) {
  const mayEdit = useMayEdit();
  const columns = useMemo(
    () => [
      { title: 'Name', isHead: true, cell: ({ name }: RequiredSecret) => <WholeName name={name} /> },
      {
        title: 'Declared by',
        width: 220,
        cell: ({ nodes }: RequiredSecret) => (
          <span className="clamped" title={nodes.join(', ')} translate="no">
            {nodes.join(', ')}
          </span>
        ),
      },
      {
        title: 'In your tenant',
        width: 244,
        cell: ({ name, registered }: RequiredSecret) => (
          <span className="state">
            <Registered isRegistered={registered} />
            {!registered && mayEdit && <AddSecretLink name={name} />}
          </span>
        ),
      },
    ],
    [mayEdit],
  );
  return <Table label="Required secrets" columns={columns} rows={secrets} keyOf={({ name }) => name} />;
}

function Registered({ isRegistered }: { readonly isRegistered: boolean }) {
  return isRegistered ? (
    <span className="badge good">Registered</span>
  ) : (
    <span className="badge warn">Missing</span>
  );
}

interface NodesTableProps {
  readonly nodes: readonly PackageNode[];
  readonly secrets: readonly RequiredSecret[];
}

function NodesTable({ nodes, secrets }: NodesTableProps) {
  const columns = useMemo(() => {
    const byName = new Map(secrets.map((secret) => [secret.name, secret]));
    return [
      {
        title: 'Node',
        isHead: true,
        cell: ({ name, description, pipeline }: PackageNode) => (
          <>
            <span className="with-badge">
              <WholeName name={name} /> {pipeline && <span className="badge">pipeline</span>}
            </span>
            {description !== '' && (
              <p className="cell-note clamped" title={description}>
                {description}
              </p>
            )}
          </>
        ),
      },
      {
        title: 'Messages',
        width: 220,
        cell: ({ input, output }: PackageNode) => (
          <code className="clamped" title={`${input} to ${output}`} translate="no">
            {input} to {output}
          </code>
        ),
      },
      {
        title: 'Required secrets',
        width: 280,
        cell: ({ requiredSecrets }: PackageNode) => (
          <RequiredNames secrets={requiredSecrets.flatMap((name) => byName.get(name) ?? [])} />
        ),
      },
    ];
  }, [secrets]);
  return <Table label="Nodes" columns={columns} rows={nodes} keyOf={({ name }) => name} />;
}
