// The arrows between rooms. A broken one fails `npm run lint` and says why it matters.

/** A room's files. */
const room = (name) => `^src/${name}/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'management-cannot-open',
      comment: 'The management side seals and cannot open: whoever takes it over reads nothing.',
      severity: 'error',
      from: {
        path: [
          room('management'),
          room('server/console'),
          room('server/oidc'),
          '^src/server/management-',
          room('crypto/seal'),
        ],
      },
      to: {
        path: [
          room('crypto/open'),
          room('crypto/kek'),
          '^src/crypto/tink/(hybrid-decrypt|generate|ed25519)',
          room('execution'),
        ],
        reachable: true,
      },
    },
    {
      name: 'one-door-to-tink',
      comment:
        'tink-crypto is discontinued and calls itself alpha: one file imports it, so that it can be replaced.',
      severity: 'error',
      from: { pathNot: '^src/crypto/tink/library\\.ts$' },
      to: { path: 'node_modules/tink-crypto' },
    },
    {
      name: 'kysely-in-one-file',
      comment:
        'The build bundles it there, and an installed package has no other (scripts/setup.mjs); types may come from it.',
      severity: 'error',
      from: { pathNot: '^src/store/kysely\\.ts$' },
      to: { path: 'node_modules/kysely', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'Rules of the domain are pure: no other room, no I/O.',
      severity: 'error',
      from: { path: room('domain') },
      to: { path: '^src/', pathNot: [room('domain'), room('gen')] },
    },
    {
      name: 'domain-does-no-io',
      comment: 'Time, randomness and files are passed in.',
      severity: 'error',
      from: { path: room('domain') },
      to: {
        path: ['^(node:)?fs', '^(node:)?net$', '^(node:)?http', '^(node:)?child_process$', '^(node:)?os$'],
      },
    },
    {
      name: 'store-and-crypto-know-the-domain-only',
      comment: 'The store knows rows and the crypto room knows keysets; rules are above them.',
      severity: 'error',
      from: { path: [room('store'), room('crypto')] },
      to: { path: '^src/(management|execution|server|sidecar|cli|sdkgen|validate|manifest)/' },
    },
    {
      name: 'handlers-know-no-transport',
      comment: 'Handlers are plain functions of a call and a request; transports are in src/server.',
      severity: 'error',
      from: { path: [room('management'), room('execution')] },
      to: { path: ['^src/(server|sidecar|cli|sdkgen|validate|wire)/', 'node_modules/(@grpc|@connectrpc)/'] },
    },
    {
      name: 'outside-the-server',
      comment: 'The sidecar, the generators and validate know the proto and nothing of the server’s rooms.',
      severity: 'error',
      from: { path: [room('sidecar'), room('sdkgen'), room('validate'), room('manifest'), room('wire')] },
      to: { path: '^src/(server|management|execution|store|crypto|cli)/' },
    },
    {
      name: 'console-knows-the-proto-only',
      comment:
        'The browser app is built from the contract, the format of sealed values and pure rules; server code must never reach a browser.',
      severity: 'error',
      from: { path: room('console') },
      to: { path: '^src/(?!console/|gen/|domain/|crypto/(format/|errors\\.ts$|types\\.ts$))' },
    },
    {
      name: 'the-format-is-pure',
      comment:
        'The bytes of docs/format.md are the same on a server and in a browser: no key is used here, and no Node.',
      severity: 'error',
      from: { path: '^src/crypto/format/' },
      to: {
        path: ['^src/', '^(node:)?[a-z_]+$'],
        pathNot: ['^src/(crypto/(format/|errors\\.ts$|types\\.ts$)|domain/)', 'node_modules'],
      },
    },
    {
      name: 'nobody-imports-the-cli',
      comment: 'Commands put rooms together; nothing is built on a command.',
      severity: 'error',
      from: { pathNot: room('cli') },
      to: { path: room('cli') },
    },
    {
      name: 'the-analysis-knows-no-language',
      comment:
        'What validate knows of a language is in its folder and reaches the analysis as facts (ir/language.ts); the program in ir/ knows neither.',
      severity: 'error',
      from: { path: '^src/validate/(ir|analysis)/' },
      to: { path: ['^src/(?!validate/(ir|analysis)/)', 'node_modules'] },
    },
    {
      name: 'the-program-knows-no-analysis',
      comment: 'The program and its values are what languages make and the analysis reads.',
      severity: 'error',
      from: { path: ['^src/validate/ir/', '^src/validate/languages/'] },
      to: { path: '^src/validate/(analysis|report)/' },
    },
    {
      name: 'readers-of-sources-are-below-generation',
      comment:
        'What is known of a language’s sources and names is in validate/languages, and generate and validate both build on it: it knows neither of them.',
      severity: 'error',
      from: { path: ['^src/validate/ir/', '^src/validate/languages/'] },
      to: { path: room('sdkgen') },
    },
    {
      name: 'generation-reads-sources-through-languages',
      comment: 'Generation asks for handlers and names; the analysis and its reports are for validate.',
      severity: 'error',
      from: { path: room('sdkgen') },
      to: { path: '^src/validate/(?!ir/|languages/)' },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.d\\.ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
  },
};
