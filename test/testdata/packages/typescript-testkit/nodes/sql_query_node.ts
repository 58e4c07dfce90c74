import { CodeInput, Label, TLDOutput } from '../gen/messages_pb';
import { AxiomContext } from '../gen/axiomContext';

export async function sQLQueryNode(ax: AxiomContext, input: CodeInput): Promise<TLDOutput> {
  const [url, ok] = ax.secrets.get('DB_URL');
  const name: string = input.getCode();
  const [, other] = ax.secrets.get(name);
  const label = new Label();
  label.setText(ok ? `${url.length} characters` : 'no database');
  const out = new TLDOutput();
  out.setLabelsList([label]);
  out.setFound(other);
  return out;
}
