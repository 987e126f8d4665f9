import assert from "node:assert/strict";
import { openTwilio } from "@/lib/video/twilio.ts";

const ACCOUNT = `AC${"0".repeat(32)}`;

/** A callback of that account, and its signature, computed once by hand from the vendor's description. */
const URL = "https://app.example.test/api/webhooks/twilio/video";
const PARAMS = {
  AccountSid: ACCOUNT,
  RoomDuration: "612",
  RoomName: "ses_01JD00000000000000000000",
  RoomSid: `RM${"1".repeat(32)}`,
  RoomStatus: "completed",
  SequenceNumber: "7",
  StatusCallbackEvent: "room-ended",
  Timestamp: "2026-11-21T10:00:00.000Z",
};
const SIGNATURE = "oSaJhGblBhr6u6b3SDxecTsJtgo=";

function serviceOf(accountSid: string, authToken: string | null) {
  return openTwilio({
    accountSid,
    authToken,
    apiKeySid: `SK${"0".repeat(32)}`,
    apiKeySecret: "secret",
    restBaseUrl: null,
    statusCallback: null,
    client: { service: "twilio", signaling: null },
  });
}

Deno.test("isSigned() takes what the vendor signed, and nothing that was changed", () => {
  const { isSigned } = serviceOf(ACCOUNT, "test_auth_token");
  assert(isSigned(URL, PARAMS, SIGNATURE));
  assert(!isSigned(`${URL}?x=1`, PARAMS, SIGNATURE));
  assert(!isSigned(URL, { ...PARAMS, RoomStatus: "failed" }, SIGNATURE));
  assert(!isSigned(URL, PARAMS, ""));
  assert(!serviceOf(ACCOUNT, null).isSigned(URL, PARAMS, SIGNATURE));
});

Deno.test("isSigned() takes no callback of another account, however well it is signed", () => {
  const other = serviceOf(`AC${"1".repeat(32)}`, "test_auth_token");
  assert(!other.isSigned(URL, PARAMS, SIGNATURE));
});
