/** What gives nobody a value or a right: columns (`*` for the whole row) in which a lie is neither refused nor found, and why. */

export const HARMLESS: Readonly<Record<string, string>> = {
  'api_keys.last_use_time': 'tells people who look when a key was last used',
  'audit_checkpoints.*': 'without it the chain still holds, and whoever has a copy elsewhere finds a cut',
  'audit_checkpoints.tenant_id': 'as the row',
  'audit_checkpoints.day': 'which of them are kept; what counts is in the note, which is signed',
  'audit_checkpoints.sign_time': 'tells people when it was signed',
  'audit_prunes.prune_time': 'tells people when; what was pruned is in the note, which is signed',
  'executions.*': 'of an execution that has ended; the token of one that runs is refused',
  'executions.tenant_id': 'as the row',
  'executions.dead_time': 'says when bundles may be dropped: too early, and the execution is refused',
  'flows.*': 'lists for people who look which flows have run',
  'flows.flow_id': 'as the row',
  'flows.tenant_id': 'as the row',
  'free_ciphertexts.*':
    'where there is room; what is overwritten by mistake does not fit its signature, and is refused',
  'free_ciphertexts.ciphertext_id': 'as the row',
  'free_ciphertexts.size': 'as the row',
  'ciphertexts.*': 'of a bundle: it is made again; of a place that nothing refers to: nothing',
  'ciphertexts.data': 'as the row',
  'ciphertexts.id': 'as the row',
  'bundles.*': 'derived: made again from the secrets, or the execution that pinned it is refused',
  'bundles.scope': 'as the row',
  'bundles.tenant_id': 'as the row',
  'bundle_parts.*': 'derived: the rows of a part that is missing are opened one by one',
  'bundle_parts.ciphertext_id': 'as the row',
  'bundle_parts.scope': 'as the row',
  'bundle_parts.tenant_id': 'as the row',
  'bundles.to_scrub':
    'lowered, the revocations themselves still hold (with them gone: set-back.test.ts); raised, a resolution is refused',
  'handles.*': 'whose a handle is shows in what was published under it as well',
  'handles.bytes': 'counts what a tenant publishes, for its limit',
  'handles.packages': 'counts what a tenant publishes, for its limit',
  'package_secrets.*': 'tells people who look which packages declare a name',
  'package_secrets.package_name': 'as the row',
  'package_secrets.package_version': 'as the row',
  'package_secrets.secret_name': 'as the row',
  'packages.*': 'tells people who look what was published',
  'schema_versions.*': 'the newest says which schema this is; without an older one nothing changes',
  'service_keys.id': 'there is one row',
  'session_uses.*': 'only the idle limit, which docs/security.md says is not kept against who writes here',
  'session_uses.session_hash': 'as the row',
  'session_uses.last_use_time': 'as the row',
  'unpublished_packages.*': 'the audit log says so too, and the version stays refused',
  'unpublished_packages.name': 'as the row',
  'unpublished_packages.version': 'as the row',
  'unpublished_packages.unpublish_time': 'tells people when',
};

/** Tables that are for people who look, in all columns. */
export const HARMLESS_TABLES: readonly string[] = [
  'packages',
  'reads',
  // Counts of reads on their way into the log, where the first of each name is at once (test/audit/reads.test.ts).
  'execution_reads',
  // Which logs have grown, and the key that signs checkpoints: test/audit/checkpoint-suite.ts lies about those.
  'audit_moved',
  'checkpoint_keys',
];
