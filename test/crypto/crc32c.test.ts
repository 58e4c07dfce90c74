// CRC-32C against the examples of RFC 3720, appendix B.4, and the check value of the CRC catalogue.

import { describe, expect, it } from '@jest/globals';
import { crc32c } from '../../src/domain/crc32c';

const ISCSI_READ_PDU = Buffer.from(
  '01c00000000000000000000000000000140000000000040000000014000000182800000000000000' + '0200000000000000',
  'hex',
);

describe('the checksum of a value', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
    ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 bytes counting up', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    ['32 bytes counting down', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
    ['an iSCSI read command', ISCSI_READ_PDU, 0xd9963a56],
  ])('is the known one for %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});
