/**
 * Imported before anything of the package: Node opens its inspector at SIGUSR1, at a port that asks nobody on the machine who
 * they are, and whoever comes reads every secret that is held here. Who wants it starts the host with --inspect.
 */

process.on('SIGUSR1', () => undefined);
