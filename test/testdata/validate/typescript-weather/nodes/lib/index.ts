import type { AxiomContext } from '../../gen/axiomContext';

export const KEYS = { weather: 'WEATHER_API_KEY' } as const;

export function requireSecret({ secrets }: Pick<AxiomContext, 'secrets'>, name: string): string | undefined {
  const [value, found] = secrets.get(name);
  return found ? value : undefined;
}

export class Weather {
  constructor(private readonly ax: AxiomContext, private readonly keyName = 'WEATHER_CLIENT_KEY') {}

  async load(region: string): Promise<string> {
    const [key] = this.ax.secrets.get(this.keyName);
    return fetchText(region, key);
  }
}

async function fetchText(region: string, key: string): Promise<string> {
  const url = new URL('https://example.com');
  url.searchParams.get('secret');
  return region + String(key.length);
}
