/** What the call uses of the SDK; `lib/assets/sdk.ts` builds just this. */
export type Sdk = Pick<
  typeof import("twilio-video"),
  "connect" | "createLocalTracks" | "isSupported"
>;
