import { File, Done } from '../gen/messages_pb';
import { AxiomContext } from '../gen/axiomContext';
import { makeClient, type Reader } from './s3';

const readers: Record<string, Reader> = {
  env: (ax) => ax.secrets.get('S3_ENDPOINT'),
};

export async function download(ax: AxiomContext, input: File): Promise<Done> {
  const client = makeClient(ax);
  const [endpoint] = readers[input.getMode()](ax);
  const done = new Done();
  done.setUrl(`${endpoint}/${client.get(input.getName())}`);
  return done;
}
