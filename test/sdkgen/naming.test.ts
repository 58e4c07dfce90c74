import { describe, expect, it } from '@jest/globals';
import { constantCase, lowerFirst, pascalCase, snakeCase } from '../../src/validate/languages/common/naming';

describe("A node's file and function are named after it", () => {
  it.each([
    ['Greet', 'greet'],
    ['SQLQueryNode', 'sql_query_node'],
    ['BuildVCard', 'build_v_card'],
    ['LatLonToUTM', 'lat_lon_to_utm'],
    ['KNNGraph', 'knn_graph'],
    ['GetTLD', 'get_tld'],
    ['FlowTestInvoker', 'flow_test_invoker'],
    ['AToB', 'a_to_b'],
    ['Sha256Hash', 'sha256_hash'],
    ['Base64URLEncode', 'base64_url_encode'],
  ])('%s is %s, split at the end of an acronym', (name, snake) => {
    expect(snakeCase(name)).toBe(snake);
  });

  it.each([
    ['GetTLD', 'getTLD'],
    ['SQLQuery', 'sQLQuery'],
    ['Greet', 'greet'],
  ])('%s is the function %s in TypeScript and Java: only the first letter is lowered', (name, lowered) => {
    expect(lowerFirst(name)).toBe(lowered);
  });

  it('makes class names of package and file names, and constants of secret names', () => {
    expect(pascalCase('build_v_card')).toBe('BuildVCard');
    expect(pascalCase('greeter-tools')).toBe('GreeterTools');
    expect(constantCase('GREETER_SIGNATURE')).toBe('GREETER_SIGNATURE');
    expect(constantCase('stripe.api-key')).toBe('STRIPE_API_KEY');
  });
});
