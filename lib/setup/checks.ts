import {
  judgeCallback,
  judgeForgery,
  judgeHealth,
  judgeStorage,
  judgeStorageOpened,
} from "@/lib/setup/app_verdicts.ts";
import type { Verdict } from "@/lib/setup/check.ts";
import type { Probes } from "@/lib/setup/probes.ts";
import {
  judgeAccountSid,
  judgeAddress,
  judgeAppEnv,
  judgeAuthToken,
  judgeCredentials,
  judgeDeno,
  judgeKeySecret,
  judgeKeySid,
  judgeOldNames,
  judgeOtherSettings,
  judgePublicAddress,
  judgeRegion,
  judgeTokenIsNoSid,
} from "@/lib/setup/settings_verdicts.ts";
import {
  judgeAccount,
  judgeAnswer,
  judgeAuthTokenWorks,
  judgeClock,
  judgeJoined,
  judgeKeyAccount,
  judgeKnock,
  judgeMissingRoom,
  judgeRoomCompleted,
  judgeRoomCreated,
  judgeRoomFetched,
  judgeSocket,
  judgeToken,
} from "@/lib/setup/twilio_verdicts.ts";

/** One check of the set-up. */
export interface Check {
  id: string;
  /** What holds if it is well. */
  title: string;
  /** What holds if it is not, unless the verdict says it better. */
  failed: string;
  /** Ids of checks above it that it makes no sense without. */
  needs: readonly string[];
  run(probes: Probes): Verdict | Promise<Verdict>;
}

/**
 * Every check, in the order in which they depend on each other. A new one is
 * one entry here, and a verdict beside; what it has to look at goes into
 * `Probes`.
 */
export const CHECKS: readonly Check[] = [
  {
    id: "app_env",
    title: "APP_ENV is known",
    failed: "APP_ENV is not known",
    needs: [],
    run: ({ settings }) => judgeAppEnv(settings),
  },
  {
    id: "deno",
    title: "Deno is new enough",
    failed: "Deno is too old",
    needs: [],
    run: ({ denoVersion }) => judgeDeno(denoVersion),
  },
  {
    id: "other_settings",
    title: "The other settings can be read",
    failed: "A setting cannot be read",
    needs: [],
    run: judgeOtherSettings,
  },
  {
    id: "storage_opens",
    title: "The storage opens",
    failed: "The storage does not open",
    needs: ["other_settings"],
    run: (probes) => probes.openStorage().then(judgeStorageOpened),
  },
  {
    id: "storage_keeps",
    title: "The storage writes, reads and deletes",
    failed: "The storage does not keep what is written",
    needs: ["storage_opens"],
    run: (probes) => probes.tryStorage().then(judgeStorage),
  },
  {
    id: "public_address",
    title: "It is set where Twilio can reach this app",
    failed: "Twilio cannot reach this app",
    needs: [],
    run: judgePublicAddress,
  },
  {
    id: "credentials",
    title: "A video service is set",
    failed: "No Twilio credentials are set",
    needs: [],
    run: judgeCredentials,
  },
  {
    id: "address",
    title: "The video service's address can be used",
    failed: "The video service's address cannot be used",
    needs: ["credentials"],
    run: judgeAddress,
  },
  {
    id: "old_names",
    title: "No setting has two values",
    failed: "A setting has two values",
    needs: ["credentials"],
    run: ({ settings }) => judgeOldNames(settings),
  },
  {
    id: "account_sid",
    title: "The Account SID is well-formed",
    failed: "The Account SID is not right",
    needs: ["credentials"],
    run: ({ settings }) => judgeAccountSid(settings),
  },
  {
    id: "auth_token",
    title: "The Auth Token is set",
    failed: "The Auth Token looks wrong",
    needs: ["credentials"],
    run: ({ settings }) => judgeAuthToken(settings),
  },
  {
    id: "auth_token_is_no_sid",
    title: "The Auth Token is not the Account SID",
    failed: "The Auth Token was mixed up",
    needs: ["auth_token"],
    run: ({ settings }) => judgeTokenIsNoSid(settings),
  },
  {
    id: "api_key_sid",
    title: "The API Key SID is well-formed",
    failed: "The API Key SID is not right",
    needs: ["credentials"],
    run: ({ settings }) => judgeKeySid(settings),
  },
  {
    id: "api_key_secret",
    title: "The API Key's secret is set",
    failed: "The API Key's secret is not right",
    needs: ["credentials"],
    run: ({ settings }) => judgeKeySecret(settings),
  },
  {
    id: "region",
    title: "The region is US1",
    failed: "The region is not US1",
    needs: ["credentials"],
    run: ({ settings }) => judgeRegion(settings),
  },
  {
    id: "twilio_answers",
    title: "Twilio answers",
    failed: "Twilio does not answer",
    needs: [
      "address",
      "account_sid",
      "api_key_sid",
      "api_key_secret",
      "old_names",
    ],
    run: (probes) => probes.knock().then(judgeKnock),
  },
  {
    id: "clock",
    title: "The clock agrees with Twilio's",
    failed: "This machine's clock is wrong",
    needs: ["twilio_answers"],
    run: (probes) => probes.knock().then(judgeClock),
  },
  {
    id: "auth_token_works",
    title: "The Auth Token opens the account",
    failed: "The account cannot be read",
    needs: ["auth_token_is_no_sid", "twilio_answers"],
    run: (probes) => probes.fetchAccount().then(judgeAuthTokenWorks),
  },
  {
    id: "account_active",
    title: "The account is active",
    failed: "The Twilio account is not active",
    needs: ["auth_token_works"],
    run: (probes) => probes.fetchAccount().then(judgeAccount),
  },
  {
    id: "api_key_works",
    title: "The API Key is accepted",
    failed: "The API Key is not accepted",
    needs: ["twilio_answers"],
    run: (probes) => probes.list("Rooms").then(judgeAnswer),
  },
  {
    id: "room_opens",
    title: "A room can be opened",
    failed: "Video cannot be used: no room opens",
    needs: ["api_key_works"],
    run: (probes) => probes.createRoom().then(judgeRoomCreated),
  },
  {
    id: "api_key_account",
    title: "API Key belongs to the correct account",
    failed: "API Key Account SID mismatch!",
    needs: ["room_opens"],
    run: (probes) =>
      probes.createRoom().then((reply) =>
        judgeKeyAccount(reply, probes.settings)
      ),
  },
  {
    id: "room_found",
    title: "The room can be found",
    failed: "The room cannot be found",
    needs: ["room_opens"],
    run: (probes) => probes.fetchRoom().then(judgeRoomFetched),
  },
  {
    id: "token_shape",
    title: "Access tokens say what they should",
    failed: "Access tokens do not say what they should",
    needs: ["account_sid", "api_key_sid", "api_key_secret", "old_names"],
    run: (probes) => judgeToken(probes.createAccessToken(), probes.settings),
  },
  {
    id: "signalling",
    title: "Twilio's signalling answers",
    failed: "Twilio's signalling does not answer",
    needs: ["twilio_answers"],
    run: (probes) => probes.openSocket().then(judgeSocket),
  },
  {
    id: "token_accepted",
    title: "Tokens are accepted",
    failed: "Tokens are not accepted",
    needs: ["token_shape", "signalling", "room_found"],
    run: (probes) => probes.join().then(judgeJoined),
  },
  {
    id: "client_rooms",
    title: "Only this app can make rooms",
    failed: "Anyone with a token can make a room",
    needs: ["token_accepted"],
    run: (probes) => probes.joinMissingRoom().then(judgeMissingRoom),
  },
  {
    id: "recording_rights",
    title: "Recording can be switched",
    failed: "Recording cannot be switched",
    needs: ["room_opens"],
    run: (probes) => probes.setRecordingRules().then(judgeAnswer),
  },
  {
    id: "room_closes",
    title: "The room can be closed",
    failed: "The room cannot be closed",
    needs: ["room_opens"],
    run: (probes) => probes.completeRoom().then(judgeRoomCompleted),
  },
  {
    id: "recordings",
    title: "Recordings can be read",
    failed: "Recordings cannot be read",
    needs: ["api_key_works"],
    run: (probes) => probes.list("Recordings").then(judgeAnswer),
  },
  {
    id: "compositions",
    title: "Compositions can be read",
    failed: "Compositions cannot be read",
    needs: ["api_key_works"],
    run: (probes) => probes.list("Compositions").then(judgeAnswer),
  },
  {
    id: "app_answers",
    title: "The app answers at its public address",
    failed: "The app does not answer at its public address",
    needs: ["public_address"],
    run: (probes) => probes.fetchHealth().then(judgeHealth),
  },
  {
    id: "callback_refused",
    title: "Callbacks with a wrong signature are refused",
    failed: "Callbacks with a wrong signature are accepted",
    needs: ["app_answers"],
    run: (probes) => probes.sendCallback("wrong").then(judgeForgery),
  },
  {
    id: "callback_accepted",
    title: "Callbacks that Twilio signed are accepted",
    failed: "Callbacks that Twilio signed are not accepted",
    needs: ["callback_refused", "auth_token_is_no_sid"],
    run: (probes) => probes.sendCallback("right").then(judgeCallback),
  },
];
