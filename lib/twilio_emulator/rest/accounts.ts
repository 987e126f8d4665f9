/**
 * `/2010-04-01/Accounts/{Sid}.json`, of the API beside Video that clients ask
 * whether their credentials are right
 * (https://www.twilio.com/docs/iam/api/account).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import { notFound, type RestHandler, type Route } from "./call.ts";
import { json } from "./responses.ts";

/** GET: the account itself. API keys may not see it. */
const fetchAccount: RestHandler = (call, file = "") => {
  if (call.key !== null) throw new TwilioFault(20003);
  const { accountSid, authToken } = call.account;
  if (file !== `${accountSid}.json`) throw notFound(call);
  return json({
    sid: accountSid,
    owner_account_sid: accountSid,
    friendly_name: "Emulated account",
    status: "active",
    type: "Full",
    auth_token: authToken,
    date_created: null,
    date_updated: null,
    uri: call.path,
    subresource_uris: {},
  });
};

/** The routes of the API of 2010; their paths are whole. */
export const ACCOUNT_ROUTES: readonly Route[] = [
  ["/2010-04-01/Accounts/*", { GET: fetchAccount }],
];

/** Whether a path below the mount is one of the API of 2010. */
export function isOf2010(path: string): boolean {
  return path.startsWith("/2010-04-01/");
}
