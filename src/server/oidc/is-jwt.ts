/** Whether a credential has the form of a JWT: three parts of base64url (RFC 7515 §3.1). */
export function isJwt(credential: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(credential);
}
