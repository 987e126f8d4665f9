/** The SHA-256 of some content, in hex. */
export async function sha256(content: BufferSource): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return new Uint8Array(digest).toHex();
}
