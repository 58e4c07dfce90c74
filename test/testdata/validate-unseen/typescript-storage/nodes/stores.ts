import type { AxiomContext } from '../gen/axiomContext';

type Secrets = AxiomContext['secrets'];

export class StoreError extends Error {}

export interface Store {
  put(name: string, body: Uint8Array): Promise<string>;
}

const need = (secrets: Secrets, name: string): string => {
  const [value, found] = secrets.get(name);
  if (!found) throw new StoreError(`${name} is not set`);
  return value;
};

class S3 implements Store {
  static open(secrets: Secrets): S3 {
    return new S3(need(secrets, 'S3_ACCESS_KEY'), need(secrets, 'S3_SECRET_KEY')); // ~ reads S3_ACCESS_KEY, reads S3_SECRET_KEY
  }
  private constructor(private readonly key: string, private readonly secret: string) {}
  async put(name: string, body: Uint8Array): Promise<string> {
    console.debug(`signing with ${this.secret.length} characters`);
    console.debug(`key ${this.key.substring(0, 4)}`); // ~ log
    return send(name, body, sign(this.key, this.secret));
  }
}

class Gcs implements Store {
  #json: string;
  constructor(secrets: Secrets) {
    this.#json = need(secrets, 'GCS_KEY_JSON'); // ~ reads GCS_KEY_JSON
  }
  async put(name: string, body: Uint8Array): Promise<string> {
    return send(name, body, this.#json);
  }
}

const STORES: Record<string, (secrets: Secrets) => Store> = {
  s3: S3.open,
  gcs: (secrets) => new Gcs(secrets),
};

export const createStore = (secrets: Secrets, kind: string): Store =>
  (STORES[kind] ?? STORES.s3)(secrets);
