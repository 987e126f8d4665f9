import { equal, match, ok } from "node:assert/strict";
import { browserName, isInAppBrowser } from "@/lib/call/browser_name.ts";
import type { DeviceFailure } from "@/lib/call/device_access.ts";
import {
  deviceProblem,
  type DeviceProblemCode,
} from "@/lib/call/device_problem.ts";

const AGENTS = {
  "chrome-android":
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
  "safari-ios":
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
  chrome:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  edge:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
  firefox:
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  safari:
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
  other: "Lynx/2.9",
} as const;

const IN_APP =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 350.0";

for (const [name, agent] of Object.entries(AGENTS)) {
  Deno.test(`the user agent of ${name} is recognised`, () => {
    equal(browserName(agent), name);
    equal(isInAppBrowser(agent), false);
  });
}

function aFailure(changes: Partial<DeviceFailure>): DeviceFailure {
  return {
    kind: "camera",
    name: "NotAllowedError",
    message: "Permission denied",
    permission: "denied",
    ...changes,
  };
}

const table: [
  name: string,
  failure: Partial<DeviceFailure>,
  code: DeviceProblemCode,
  around?: { userAgent?: string; isSecure?: boolean },
][] = [
  ["a prompt that was closed", { permission: "prompt" }, "dismissed"],
  ["a browser that says no", {}, "blocked_by_browser"],
  [
    "a browser that does not tell its permissions",
    { permission: "unknown" },
    "blocked_by_browser",
  ],
  [
    "a system that says no",
    { message: "Permission denied by system" },
    "blocked_by_system",
  ],
  [
    "an allowed device that is refused all the same",
    { permission: "granted" },
    "blocked_by_system",
  ],
  ["a device in use", { name: "NotReadableError" }, "in_use"],
  ["no device", { name: "NotFoundError" }, "not_found"],
  [
    "a device that cannot do it",
    { name: "OverconstrainedError" },
    "overconstrained",
  ],
  ["a device that is pulled out", { name: "Ended" }, "unplugged"],
  ["a page without https", { name: "Unsupported" }, "insecure", {
    isSecure: false,
  }],
  ["the browser inside an app", { name: "Unsupported" }, "in_app_browser", {
    userAgent: IN_APP,
  }],
  ["a browser without WebRTC", { name: "Unsupported" }, "unsupported"],
  ["anything else", { name: "TypeError" }, "unknown"],
];

for (const [name, failure, code, around] of table) {
  Deno.test(`${name} is "${code}", with something to do (S1.33, S3.40)`, () => {
    const problem = deviceProblem(aFailure(failure), {
      userAgent: AGENTS.chrome,
      isSecure: true,
      ...around,
    });
    equal(problem.code, code);
    ok(
      problem.title !== "" && problem.cause !== "" && problem.steps.length > 0,
    );
  });
}

Deno.test("every browser gets its own steps for a block", () => {
  const steps = Object.values(AGENTS).map((userAgent) =>
    deviceProblem(aFailure({}), { userAgent, isSecure: true }).steps.join(" ")
  );
  equal(new Set(steps).size, steps.length);
});

Deno.test("the words name what is missing", () => {
  const title = (kind: DeviceFailure["kind"]) =>
    deviceProblem(aFailure({ kind, name: "NotFoundError" }), {
      userAgent: AGENTS.chrome,
      isSecure: true,
    }).title;
  equal(title("camera"), "No camera found");
  equal(title("microphone"), "No microphone found");
  match(title("both"), /camera and microphone/);
});

Deno.test("what nobody can explain has the title of the handbook", () => {
  const problem = deviceProblem(aFailure({ name: "Strange" }), {
    userAgent: AGENTS.chrome,
    isSecure: true,
  });
  equal(problem.title, "Camera/Microphone Not Working");
});
