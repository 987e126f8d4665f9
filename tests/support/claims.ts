/** The header and the payload of an access token, as anybody can read them. */
export function claimsOf(token: string): {
  header: Record<string, unknown>;
  payload: {
    iat: number;
    exp: number;
    grants: { identity: string; video: unknown };
  };
} {
  const [header, payload] = token.split(".").slice(0, 2).map((part) =>
    JSON.parse(
      new TextDecoder().decode(
        Uint8Array.fromBase64(part, { alphabet: "base64url" }),
      ),
    )
  );
  return { header, payload };
}
