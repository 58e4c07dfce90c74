import { File, Done } from '../gen/messages_pb';
import { AxiomContext } from '../gen/axiomContext';
import { makeClient } from './s3';

export function upload(ax: AxiomContext, input: File): Done {
  const client = makeClient(ax);
  const done = new Done();
  done.setUrl(client.put(input.getName()));
  return done;
}
