/** The Packages page: what is published, and whether the tenant has the secrets that its nodes declare. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { Link } from 'wouter';
import { PackagesService, type Package } from '../../../gen/axiom/packages/v1/packages_pb';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import { Table } from '../ui/table';
import { languageName } from './languages';

export function PackagesPage() {
  const query = useInfiniteQuery(
    PackagesService.method.listPackages,
    { pageSize: 200, pageToken: '' },
    PAGING,
  );
  const rows = query.data?.pages.flatMap(({ packages }) => packages);
  return (
    <>
      <PageHeader
        title="Packages"
        lead="Published node packages and the secrets that they declare. A missing secret blocks nothing: the node is told that it is not found."
      />
      <Listing query={query} rows={rows} what="packages" empty={<NoPackages />}>
        {(packages) => <PackagesTable packages={packages} />}
      </Listing>
      <ShowMore query={query} label="Show more packages" />
    </>
  );
}

function PackagesTable({ packages }: { readonly packages: readonly Package[] }) {
  const columns = [
    {
      title: 'Package',
      isHead: true,
      cell: ({ name, description }: Package) => (
        <>
          <Link href={`/packages/${name}`}>{name}</Link>
          {description !== '' && <p className="cell-note">{description}</p>}
        </>
      ),
    },
    { title: 'Version', cell: ({ version }: Package) => <code>{version}</code> },
    { title: 'Language', cell: ({ language }: Package) => languageName(language) },
    { title: 'Required secrets', cell: (one: Package) => <HaveOrLack package={one} /> },
  ];
  return <Table label="Packages" columns={columns} rows={packages} keyOf={({ name }) => name} />;
}

function HaveOrLack({ package: { requiredSecrets } }: { readonly package: Package }) {
  if (requiredSecrets.length === 0) return <>None</>;
  const lacking = requiredSecrets.filter(({ registered }) => !registered).length;
  if (lacking === 0) return <span className="badge good">All {requiredSecrets.length} registered</span>;
  return (
    <span className="badge warn">
      {lacking} of {requiredSecrets.length} missing
    </span>
  );
}

function NoPackages() {
  return (
    <Empty title="No packages yet.">
      <p>
        Publish one with <code>axiom push</code> in its folder.
      </p>
    </Empty>
  );
}
