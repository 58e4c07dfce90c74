/** The one name that a sidecar's door shows, wherever it is; no certificate of the service carries it. */
export const SIDECAR_SERVER_NAME = 'sidecar.axiom.internal';
