/** The names of the SDK's languages as people write them. */

export const LANGUAGE_TITLES = {
  python: 'Python',
  go: 'Go',
  typescript: 'TypeScript',
  rust: 'Rust',
  java: 'Java',
  csharp: 'C#',
} as const;
