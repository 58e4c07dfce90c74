/** The names of the SDK's languages as people write them. */

const NAMES: Readonly<Record<string, string>> = {
  python: 'Python',
  go: 'Go',
  typescript: 'TypeScript',
  rust: 'Rust',
  java: 'Java',
  csharp: 'C#',
};

export function languageName(language: string): string {
  return NAMES[language] ?? language;
}
