import { Line } from '../gen/messages_pb';
import { AxiomContext, AxiomSecrets } from '../gen/axiomContext';

enum Secret {
  DeepL = 'DEEPL_KEY',
}

function read(secrets: AxiomSecrets, name: Secret | string, fallback = ''): string {
  const [value, ok] = secrets.get(name);
  return ok ? value : fallback;
}

export async function* translate(ax: AxiomContext, lines: AsyncIterable<Line>): AsyncGenerator<Line> {
  const key = read(ax.secrets, Secret.DeepL);
  for await (const line of lines) {
    const glossary = read(ax.secrets, 'DEEPL_GLOSSARY', 'none');
    yield new Line(line.getText() + glossary.length + key.length);
  }
}
