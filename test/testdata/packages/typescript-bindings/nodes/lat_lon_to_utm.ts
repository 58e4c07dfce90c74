import { AxiomContext } from '../gen/axiomContext';
import { Point } from '../gen/imports/acme-geo/1.2.0/messages_pb';
import { Outer } from '../gen/messages_pb';

export function latLonToUTM(_ax: AxiomContext, input: Point): Outer.Inner {
  return new Outer.Inner().setText(`${input.getLat()},${input.getLon()}`);
}
