import { fail, ok, type Verdict, warn } from "@/lib/setup/check.ts";
import type { Probes } from "@/lib/setup/probes.ts";
import {
  masked,
  originFrom,
  readAddress,
  readOtherSettings,
  type SetupSettings,
} from "@/lib/setup/settings.ts";

const CONSOLE = "Copy it again from the Twilio Console";
const AGAIN = "Put it into .env or into the environment, and restart.";

/** The oldest Deno that the app is tested with. */
const DENO_MIN = [2, 9] as const;

/** Whether `APP_ENV` has one of its three values. */
export function judgeAppEnv({ appEnv }: SetupSettings): Verdict {
  if (["development", "production", "test"].includes(appEnv)) return ok(appEnv);
  return fail({
    detail: "APP_ENV has another value than the three it can have.",
    remedy:
      "Set APP_ENV to development, production or test, or remove it to develop.",
  });
}

/** Whether this Deno has what the app uses. */
export function judgeDeno(version: string): Verdict {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < DENO_MIN[0] ||
    (major === DENO_MIN[0] && minor < DENO_MIN[1]);
  if (!isOld) return ok(version);
  return fail({
    detail: `This is Deno ${version}; it takes ${DENO_MIN.join(".")} or later.`,
    remedy: "Run the app with npx -y deno@2.9.6, or upgrade: deno upgrade",
  });
}

/** Whether the settings that have no check of their own can be read. */
export function judgeOtherSettings({ target }: Probes): Verdict {
  const { problem } = readOtherSettings(target.environment);
  if (problem === null) return ok();
  return fail({
    detail: problem,
    remedy:
      "Correct it in .env or in the environment, and restart. .env.example has a sentence on each setting.",
  });
}

/** Whether browsers and Twilio can reach the app at an address that is set. */
export function judgePublicAddress(
  { target, settings }: Pick<Probes, "target" | "settings">,
): Verdict {
  const { appEnv, publicBaseUrl } = settings;
  const origin = originFrom(publicBaseUrl);
  const remedy =
    "Set PUBLIC_BASE_URL to the https address of the app, such as https://care.example.org\nRestart, then run the checks again.";
  if (publicBaseUrl !== null && origin === null) {
    return fail({ detail: "PUBLIC_BASE_URL is not an address.", remedy });
  }
  const isSecure = origin?.startsWith("https:") ?? false;
  if (appEnv === "production" && !isSecure) {
    return fail({
      detail: origin === null
        ? "PUBLIC_BASE_URL is not set, and production needs it."
        : "PUBLIC_BASE_URL begins with http:, and production needs https:.",
      remedy,
    });
  }
  if (target.service === "emulator") {
    return ok("the emulator reaches it on this machine");
  }
  if (target.service === "external_emulator" && target.callbackOrigin) {
    return ok(`the emulator reaches it at ${target.callbackOrigin}`);
  }
  if (origin === null) {
    return warn({
      detail:
        "PUBLIC_BASE_URL is not set. Calls work, but Twilio cannot tell who came and went.",
      remedy,
      carriesOn: false,
    });
  }
  if (!isSecure) {
    return warn({
      detail:
        "PUBLIC_BASE_URL begins with http:. Anybody on the way can read what Twilio sends.",
      remedy,
    });
  }
  return ok(origin);
}

/** Whether there are credentials at all. */
export function judgeCredentials({ target }: Probes): Verdict {
  if (target.service === "twilio") return ok("Twilio");
  if (target.service === "external_emulator") {
    return ok(`a Twilio emulator at ${target.addresses.video}`);
  }
  if (target.service === "emulator") {
    return ok("the built-in emulator, until there are Twilio credentials");
  }
  return fail({
    detail: "Until there are, every call is refused.",
    remedy:
      "In the Twilio Console, copy the Account SID and the Auth Token.\n" +
      "Under Account, API keys & tokens, create a Standard key in region US1; its secret is shown once.\n" +
      "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET.\n" +
      "Restart, then run the checks again.",
  });
}

/** Whether the older names of two settings say the same as those of today. */
export function judgeOldNames({ conflicts }: SetupSettings): Verdict {
  const [first] = conflicts;
  if (first === undefined) return ok();
  const pairs = conflicts.map((names) => names.join(" and ")).join("; ");
  return fail({
    detail: `${pairs} are both set, to different values.`,
    remedy: `Keep ${
      first[0]
    } with the right value and remove the other, then restart.`,
  });
}

/** Whether the account is named as Twilio names accounts. */
export function judgeAccountSid({ accountSid: sid }: SetupSettings): Verdict {
  const where =
    `${CONSOLE}: it stands on the first page, under Account Info.\n${AGAIN}`;
  if (sid === null) {
    return fail({ detail: "TWILIO_ACCOUNT_SID is not set.", remedy: where });
  }
  if (/^AC[0-9a-f]{32}$/i.test(sid)) return ok(masked(sid));
  return fail({
    detail: /^SK/i.test(sid)
      ? "TWILIO_ACCOUNT_SID holds an API key: it begins with SK."
      : "TWILIO_ACCOUNT_SID is not AC and 32 hexadecimal digits.",
    remedy: where,
  });
}

const WHERE_TOKEN =
  `${CONSOLE}: it stands on the first page, under the Account SID, behind "Show".\n${AGAIN}`;

/** Whether there is an auth token that could be one. */
export function judgeAuthToken({ authToken }: SetupSettings): Verdict {
  if (authToken === null) {
    return warn({
      title: "TWILIO_AUTH_TOKEN is not set",
      detail:
        "Calls work, but Twilio's callbacks cannot be verified: the app is not told who came and went.",
      remedy: WHERE_TOKEN,
      carriesOn: false,
    });
  }
  if (/^[0-9a-f]{32}$/i.test(authToken)) return ok();
  if (/^(AC|SK)[0-9a-f]{32}$/i.test(authToken)) return ok();
  return warn({
    detail:
      "TWILIO_AUTH_TOKEN is not 32 hexadecimal digits, as they usually are.",
    remedy: WHERE_TOKEN,
  });
}

/** Whether the auth token was not mixed up with an identifier (row S3.41). */
export function judgeTokenIsNoSid(
  { authToken, accountSid }: SetupSettings,
): Verdict {
  if (authToken !== accountSid && !/^(AC|SK)[0-9a-f]{32}$/i.test(authToken!)) {
    return ok();
  }
  return fail({
    detail: authToken === accountSid
      ? "TWILIO_AUTH_TOKEN holds the Account SID."
      : "TWILIO_AUTH_TOKEN holds an identifier, AC… or SK….",
    remedy: WHERE_TOKEN,
  });
}

/** Whether the video service may be where it is said to be. */
export function judgeAddress({ target }: Probes): Verdict {
  const { problem } = readAddress(target.environment);
  if (problem === null) return ok();
  return fail({
    detail: `${problem}.`,
    remedy:
      "Correct TWILIO_BASE_URL, or remove it to use Twilio at its usual address; then restart.",
  });
}

const WHERE_KEY =
  "In the Twilio Console, under Account, API keys & tokens, create a Standard key in region US1.\nPut its SID into TWILIO_API_KEY_SID and its secret, which is shown once, into TWILIO_API_KEY_SECRET; then restart.";

/** Whether the API key is named as Twilio names keys. */
export function judgeKeySid({ apiKeySid: sid }: SetupSettings): Verdict {
  if (sid === null) {
    return fail({
      detail: "TWILIO_API_KEY_SID is not set.",
      remedy: WHERE_KEY,
    });
  }
  if (/^SK[0-9a-f]{32}$/i.test(sid)) return ok(masked(sid));
  return fail({
    detail: /^AC/i.test(sid)
      ? "TWILIO_API_KEY_SID holds an account: it begins with AC."
      : "TWILIO_API_KEY_SID is not SK and 32 hexadecimal digits.",
    remedy: WHERE_KEY,
  });
}

/** Whether there is a secret, and it is none of the other values. */
export function judgeKeySecret(
  { apiKeySecret, apiKeySid, authToken, accountSid }: SetupSettings,
): Verdict {
  if (apiKeySecret === null) {
    return fail({
      detail: "TWILIO_API_KEY_SECRET is not set.",
      remedy: WHERE_KEY,
    });
  }
  const others = {
    TWILIO_API_KEY_SID: apiKeySid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_ACCOUNT_SID: accountSid,
  };
  const [same] =
    Object.entries(others).find(([, value]) => value === apiKeySecret) ?? [];
  if (same === undefined) return ok();
  return fail({
    detail: `TWILIO_API_KEY_SECRET holds the same as ${same}.`,
    remedy: WHERE_KEY,
  });
}

/** Whether the `twilio` package would go to the one region that Video has. */
export function judgeRegion({ region }: SetupSettings): Verdict {
  // An edge without a region is in US1, too.
  if (region === null || region.toLowerCase() === "us1") return ok();
  return fail({
    detail:
      "TWILIO_REGION names another region than us1, and Video has no other.",
    remedy:
      "Remove TWILIO_REGION and TWILIO_EDGE from the environment, or set TWILIO_REGION to us1.\nThe API key has to be one of region US1.",
  });
}
