import { AxiomContext } from '../gen/axiomContext';
import { Datum, Point } from '../gen/imports/acme-geo/1.2.0/messages_pb';
import { Color, ColorMap, Everything, Outer } from '../gen/messages_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';

/** Uses what google-protobuf's classes offer, as a package written against protoc-gen-js does. */
export function getTLD(_ax: AxiomContext, input: Everything): Everything {
  const out = input.cloneMessage() as Everything;
  out.setAString(input.getAString().toUpperCase());
  out.setStringsList(['b', 'a'].concat(input.getStringsList()));
  out.addStrings('c');
  const inner = out.addInners();
  inner.setText('added');
  inner.setDepth(Outer.Inner.Depth.DEEP);
  out.getLabelsMap().set('k', 'v');
  const count: number = out.getLabelsMap().getLength();
  out.setAnInt32(count);
  const color: ColorMap[keyof ColorMap] = Color.COLOR_RED;
  out.setColor(color);
  if (out.getChoiceCase() === Everything.ChoiceCase.AS_TEXT) out.setAsNumber(7);
  const at = new Timestamp();
  at.setSeconds(5);
  out.setAt(at);
  out.setPoint(new Point().setLat(1.5).setDatum(Datum.DATUM_WGS84));
  const object: Everything.AsObject = out.toObject();
  out.setMaybeString(`${object.labelsMap.length} ${object.pb_class} ${out.getSomeBytes_asB64()}`);
  return out;
}
