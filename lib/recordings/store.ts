const viewKey = (sessionId: string, signInId: string) => [
  "recording_view",
  sessionId,
  signInId,
];

/** When somebody last began to play the recording in this browser, as an ISO time; null: not lately. */
export async function lastView(
  kv: Deno.Kv,
  sessionId: string,
  signInId: string,
): Promise<string | null> {
  return (await kv.get<string>(viewKey(sessionId, signInId))).value;
}

/** Notes that somebody begins to play the recording. */
export async function saveView(
  kv: Deno.Kv,
  sessionId: string,
  signInId: string,
  { at, keepMs }: { at: string; keepMs: number },
): Promise<void> {
  await kv.set(viewKey(sessionId, signInId), at, { expireIn: keepMs });
}
