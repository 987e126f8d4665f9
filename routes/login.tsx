import { page, type RouteConfig } from "fresh";
import { asset } from "fresh/runtime";
import { define } from "@/lib/define.ts";
import { AppError } from "@/lib/errors.ts";
import { signInCookie } from "@/lib/http/cookies.ts";
import { check, readFields } from "@/lib/http/input.ts";
import { SignInBody } from "@/lib/sign_in/requests.ts";
import { signIn } from "@/lib/sign_in/service.ts";
import { DemoAccounts } from "@/lib/ui/DemoAccounts.tsx";
import { Emergency } from "@/lib/ui/Emergency.tsx";
import { homeOf } from "@/lib/ui/home.ts";
import { localPath } from "@/lib/ui/local_path.ts";
import { Logo } from "@/lib/ui/Logo.tsx";
import { SkipLink } from "@/lib/ui/Main.tsx";
import { Note } from "@/lib/ui/Note.tsx";
import { problemHelp } from "@/lib/ui/problem_help.ts";
import { SignInForm } from "@/lib/ui/SignInForm.tsx";

/** The page has a look of its own. */
export const config: RouteConfig = { skipInheritedLayouts: true };

/** Why signing in can be refused without anything being broken. */
const REFUSALS = ["invalid_credentials", "rate_limited", "validation"];

/** What the page shows besides the form. */
interface Data {
  email: string;
  next: string;
  refusal: AppError | null;
}

export const handler = define.handlers({
  GET(ctx) {
    const { caller } = ctx.state;
    const next = localPath(ctx.url.searchParams.get("next"), "/");
    if (caller !== null) {
      return ctx.redirect(next === "/" ? homeOf(caller.actor.role) : next);
    }
    ctx.state.title = "Sign in";
    return page<Data>({ email: "", next, refusal: null });
  },

  async POST(ctx) {
    const { services, client, config } = ctx.state;
    const { email = "", password = "", next: target } = await readFields(
      ctx.req,
    );
    const next = localPath(target, "/");
    try {
      const made = await signIn(
        services,
        client,
        check(SignInBody, { email, password }),
      );
      const { role } = made.caller.actor;
      const answer = ctx.redirect(next === "/" ? homeOf(role) : next, 303);
      answer.headers.append(
        "set-cookie",
        signInCookie(config, made.cookieValue, made.expiresAt),
      );
      return answer;
    } catch (error) {
      if (!(error instanceof AppError) || !REFUSALS.includes(error.code)) {
        throw error;
      }
      ctx.state.title = "Sign in";
      const seconds = error.retryAfterSeconds;
      return page<Data>({ email, next, refusal: error }, {
        status: error.status,
        headers: seconds === undefined
          ? {}
          : { "retry-after": String(seconds) },
      });
    }
  },
});

/** Signing in; in a demo clinic with the accounts beside. */
export default define.page<typeof handler>(
  function Login({ data, state, url }) {
    const { email, next, refusal } = data;
    const isDemo = state.config.appEnv !== "production";
    return (
      <>
        <SkipLink />
        <div
          class={isDemo
            ? "min-h-dvh lg:grid lg:grid-cols-[1fr_1.05fr]"
            : "min-h-dvh grid"}
        >
          <main
            id="main"
            class="bg-base-100 px-5 sm:px-10 py-8 lg:py-12 flex flex-col"
          >
            <div class="flex items-center gap-2.5 text-primary">
              <Logo class="size-8" />
            </div>
            <div class="my-auto w-full max-w-md mx-auto py-10">
              <h1>Sign in</h1>
              <p class="text-muted mt-2">
                See your doctor, or your patients, from where you are.
              </p>
              {refusal !== null && (
                <Note tone="fail" icon="circle-alert" role="alert" class="mt-6">
                  <p>
                    <strong>{refusal.title}.</strong>{" "}
                    {problemHelp(refusal.code)}
                  </p>
                </Note>
              )}
              {refusal === null && url.searchParams.has("signed_out") && (
                <Note tone="calm" icon="check" role="status" class="mt-6">
                  <p>You are signed out.</p>
                </Note>
              )}
              <SignInForm email={email} next={next} />
            </div>
            <Emergency />
          </main>
          {isDemo && <DemoAccounts next={next} />}
        </div>
        <script src={asset("/time_zone.js")} defer />
      </>
    );
  },
);
