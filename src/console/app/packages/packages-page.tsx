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
import { RequiredNames } from './required-names';

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

const COLUMNS = [
  {
    title: 'Package',
    isHead: true,
    cell: ({ name, description }: Package) => (
      <>
        <Link href={`/packages/${name}`} className="whole-name" title={name} translate="no">
          {name}
        </Link>
        {description !== '' && <p className="cell-note clamped">{description}</p>}
      </>
    ),
  },
  {
    title: 'Version',
    width: 150,
    cell: ({ version, language }: Package) => (
      <>
        <code className="clamped" title={version} translate="no">
          {version}
        </code>
        <p className="cell-note">{languageName(language)}</p>
      </>
    ),
  },
  {
    title: 'Required secrets',
    width: 300,
    cell: ({ requiredSecrets }: Package) => <RequiredNames secrets={requiredSecrets} />,
  },
];

function PackagesTable({ packages }: { readonly packages: readonly Package[] }) {
  return <Table label="Packages" columns={COLUMNS} rows={packages} keyOf={({ name }) => name} />;
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
