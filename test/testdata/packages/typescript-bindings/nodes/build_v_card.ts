import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { AxiomContext } from '../gen/axiomContext';
import { Everything } from '../gen/messages_pb';

export async function buildVCard(_ax: AxiomContext, input: Timestamp): Promise<Everything> {
  return new Everything().setAt(input);
}
