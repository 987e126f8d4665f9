import { z } from "zod";
import { fail, ok, type Verdict, warn } from "@/lib/setup/check.ts";
import type { Reply, StorageReply } from "@/lib/setup/probes.ts";
import { silent } from "@/lib/setup/refusal.ts";

/** Starting a session takes two commits; slower than this, people notice. */
const COMMIT_MS_SLOW = 250;

const WHERE_STORAGE =
  "Check KV_PATH: the folder has to be there for this user to write, on a disk with space left; or the KV Connect server has to answer. Then restart.";

/** Whether the storage could be opened. */
export function judgeStorageOpened(problem: string | null): Verdict {
  return problem === null
    ? ok()
    : fail({ detail: problem, remedy: WHERE_STORAGE });
}

/** Whether the storage keeps what is written, and how fast. */
export function judgeStorage(reply: StorageReply | null): Verdict {
  if (reply === null || !reply.kept) {
    return fail({
      detail: reply === null
        ? "A commit failed."
        : "What was written was not there to read.",
      remedy: WHERE_STORAGE,
    });
  }
  const ms = Math.round(reply.commitMs);
  if (ms <= COMMIT_MS_SLOW) return ok(`a commit takes ${ms} ms`);
  return warn({
    title: "The storage is slow",
    detail: `One commit takes ${ms} ms.`,
    remedy:
      "Move KV_PATH to a local disk, or the KV Connect server closer to the app; then run the checks again.",
  });
}

const Health = z.object({ status: z.literal("ok") });

const WHERE_APP =
  "Start the app, and check that PUBLIC_BASE_URL leads to it from the internet: DNS, certificate, proxy.\nRun the checks again.";

/** Whether this app answers under the address that Twilio's callbacks go to. */
export function judgeHealth(reply: Reply): Verdict {
  if (!reply.answered) {
    return fail({ detail: silent(reply.silence).detail, remedy: WHERE_APP });
  }
  const isApp = reply.status === 200 && Health.safeParse(reply.body).success;
  if (isApp) return ok(`in ${reply.ms} ms`);
  if (reply.status >= 300 && reply.status < 400) {
    return fail({
      detail:
        `The address leads somewhere else (HTTP ${reply.status}), and Twilio's signature holds for the address it was sent to.`,
      remedy:
        "Set PUBLIC_BASE_URL to the address it leads to, restart, then run the checks again.",
    });
  }
  return fail({
    detail:
      `Something answers there with HTTP ${reply.status}, but it is not this app.`,
    remedy: WHERE_APP,
  });
}

/** Whether a callback with a wrong signature is refused. */
export function judgeForgery(reply: Reply): Verdict {
  if (!reply.answered) {
    return fail({ detail: silent(reply.silence).detail, remedy: WHERE_APP });
  }
  if (reply.status === 403) return ok();
  if (reply.status >= 300) {
    return fail({
      title: "Callbacks do not reach the app",
      detail:
        `The answer to one with a wrong signature was HTTP ${reply.status} instead of 403.`,
      remedy:
        "Let the proxy pass POST requests to /webhooks/twilio/ unchanged, with their body and headers; then run the checks again.",
    });
  }
  return fail({
    detail: `One with a wrong signature was answered HTTP ${reply.status}.`,
    remedy:
      "Stop the app and look at what answers at PUBLIC_BASE_URL: it believes whatever anybody sends.",
  });
}

/** Whether a callback that is signed as Twilio signs is accepted. */
export function judgeCallback(reply: Reply): Verdict {
  if (!reply.answered) {
    return fail({ detail: silent(reply.silence).detail, remedy: WHERE_APP });
  }
  if (reply.status === 204) return ok();
  return fail({
    detail: reply.status === 403
      ? "The running app takes the right signature for a wrong one."
      : `The answer was HTTP ${reply.status}.`,
    remedy: reply.status === 403
      ? "The app runs with another TWILIO_AUTH_TOKEN or PUBLIC_BASE_URL than these: restart it with the same settings, then run the checks again."
      : "Look into the app's log for this moment, then run the checks again.",
  });
}
