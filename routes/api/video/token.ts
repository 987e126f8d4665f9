import { define } from "@/lib/define.ts";
import { AppError, type ErrorCode, type PromisedAnswer } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { check, readParams } from "@/lib/http/input.ts";
import { refuseOtherSites } from "@/lib/http/same_origin.ts";
import { secretJson } from "@/lib/http/secret.ts";
import { TokenByRoomQuery } from "@/lib/sessions/requests.ts";
import { requestAccessByRoom } from "@/lib/sessions/service.ts";

/** Word for word what programs that were written for this address expect. */
const PROMISED: Partial<Record<ErrorCode, PromisedAnswer>> = {
  unauthenticated: { status: 401, body: { error: "Unauthorized" } },
  identity_mismatch: {
    status: 403,
    body: { error: "identity does not match the signed-in user" },
  },
  video_not_configured: {
    status: 500,
    body: { error: "Twilio environment variables not configured" },
  },
};

const MISSING: PromisedAnswer = {
  status: 400,
  body: { error: "Missing roomName or identity" },
};

/** The refusal in the words of this address, if it has its own. */
function inOwnWords(error: unknown): unknown {
  if (!(error instanceof AppError) || error.promised !== undefined) {
    return error;
  }
  const promised = PROMISED[error.code];
  return promised === undefined
    ? error
    : new AppError(error.code, error.message, { promised });
}

/** The oldest way to a token. Its parameters say what the caller believes; the answer is made from what is known. */
export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    try {
      const caller = requireCaller(ctx.state);
      refuseOtherSites(ctx);
      const params = readParams(ctx.url);
      if (!params.roomName || !params.identity) {
        throw new AppError("validation", "Cannot tell who wants in where", {
          promised: MISSING,
        });
      }
      if (services.video.client.service === "none") {
        throw new AppError(
          "video_not_configured",
          "No video service is set up",
        );
      }
      const asked = check(TokenByRoomQuery, params);
      const { token } = await requestAccessByRoom(services, caller, asked);
      const answer = secretJson({ token });
      answer.headers.set("deprecation", "true");
      answer.headers.set(
        "link",
        '</api/v1/telemedicine/token/>; rel="successor-version"',
      );
      return answer;
    } catch (error) {
      throw inOwnWords(error);
    }
  },
});
