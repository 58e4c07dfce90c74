import { AxiomContext } from '../gen/axiomContext';

export type Reader = (ax: AxiomContext) => [string, boolean];

const accessKeyName = 'S3_ACCESS_KEY';
const names = { secret: 'S3_SECRET_KEY' };

export const makeClient = (ax: AxiomContext) => {
  const [accessKey] = ax.secrets.get(accessKeyName);
  const [secretKey] = ax.secrets.get(names.secret);
  const [token] = ax.secrets.get(process.env.S3_TOKEN_NAME ?? 'S3_SESSION_TOKEN');
  return {
    get: (name: string) => sign(name, accessKey, secretKey),
    put(name: string) {
      return sign(name, accessKey, secretKey + token);
    },
  };
};

function sign(name: string, accessKey: string, secretKey: string): string {
  return `${name}?${accessKey.length}${secretKey.length}`;
}
