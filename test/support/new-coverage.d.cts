declare class NewCoverage {
  keepNew(coverage: Record<string, object>): void;
}
export = NewCoverage;
