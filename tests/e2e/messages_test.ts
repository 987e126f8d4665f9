import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { SessionView } from "@/lib/sessions/view.ts";
import { signIn, story, until, waitForStatus } from "../support/call_page.ts";
import { ask, openClinic } from "../support/clinic.ts";

/** What a message of the log says, its author and time aside. */
const message = (page: Page, text: string) =>
  page.locator("[data-message-id]").filter({ hasText: text });

const field = (page: Page) => page.getByLabel("Message to");

async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** Writes, and waits until it is on the other's page. Answers how many milliseconds it took. */
async function tell(from: Page, to: Page, text: string): Promise<number> {
  const sentAt = performance.now();
  await write(from, text);
  await message(to, text).waitFor();
  return performance.now() - sentAt;
}

declare global {
  /** What a page has sent to the other browser beside picture and sound. */
  var sentOnChannels: string[];
}

/** Writes down what the page says to the video service, and directly to the other browser. */
async function watchLines(page: Page, sockets: string[]): Promise<void> {
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => sockets.push(String(payload)));
  });
  await page.addInitScript(() => {
    globalThis.sentOnChannels = [];
    const { send } = RTCDataChannel.prototype;
    RTCDataChannel.prototype.send = function (data: unknown) {
      globalThis.sentOnChannels.push(String(data));
      Reflect.apply(send, this, [data]);
    };
  });
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe })
      .axe.run();
    return violations.map(({ id, nodes }) =>
      `${id}: ${nodes.map((n) => n.html).join(" ")}`
    );
  });
}

Deno.test("S2.1 messages before, in and after a call, between two browsers", async (t) => {
  const step = story(t);
  await using clinic = await openClinic();
  const { app } = clinic;
  const [doctor, patient] = [clinic.doctor.page, clinic.patient.page];
  const sockets: string[] = [];
  for (const page of [doctor, patient]) await watchLines(page, sockets);
  let id = "";
  const chatButton = (page: Page) =>
    page.getByRole("button", { name: /^Chat/ });

  await step(
    "the patient's home says what is new, and leads there",
    async () => {
      await signIn(patient, app.origin, "ben@demo.bedside");
      await signIn(doctor, app.origin, "dr.lee@demo.bedside");
      const { body } = await ask(
        doctor,
        "GET",
        "v1/telemedicine/?status=IN_PROGRESS",
      );
      id = body.results[0].id;
      await doctor.getByRole("link", { name: "1 new message" }).click();
      await message(doctor, "It itches most").waitFor();
      await write(doctor, "Since yesterday?");
      await message(doctor, "Since yesterday?").waitFor();
      await patient.reload();
      await patient.getByText("1 new message").waitFor();
      await patient.getByRole("link", { name: "Messages", exact: true })
        .click();
      await patient.getByText("Since yesterday?").waitFor();
      await patient.getByRole("link", { name: "Dr Jonas Lee" }).click();
      await message(patient, "Since yesterday?").waitFor();
    },
  );

  await step("before the call: live, both ways, and seen", async () => {
    await message(doctor, "Since yesterday?").getByText("Seen").waitFor();
    const there = await tell(patient, doctor, "Since Monday.");
    const back = await tell(doctor, patient, "Then we talk today.");
    // One of the two, because a busy machine may stand still for a moment.
    assert(Math.min(there, back) < 1000, `${there} ms, ${back} ms`);
    await message(patient, "Since Monday.").getByText("Seen").waitFor();
    // Hostile text stays text, in both browsers.
    const hostile = `<img src=x onerror="document.title='owned'"> <b>b</b>`;
    await tell(patient, doctor, hostile);
    assert.equal(await doctor.locator("[data-message-id] img, b").count(), 0);
    assert.equal(await patient.locator("[data-message-id] img, b").count(), 0);
  });

  await step(
    "Enter sends on a desktop, Shift+Enter does not, and the focus stays",
    async () => {
      await field(doctor).focus();
      await doctor.evaluate(() => {
        const real = globalThis.matchMedia;
        // A headless browser has no mouse.
        globalThis.matchMedia = (query) =>
          query === "(pointer: fine)"
            ? { ...real(query), matches: true }
            : real(query);
      });
      await doctor.keyboard.type("One");
      await doctor.keyboard.press("Shift+Enter");
      await doctor.keyboard.type("Two");
      await doctor.keyboard.press("Enter");
      await message(patient, "One\nTwo").waitFor();
      assert.equal(await field(doctor).inputValue(), "");
      assert.equal(
        await doctor.evaluate(() => document.activeElement?.id),
        "message-text",
      );
      await patient.getByRole("status")
        .filter({ hasText: "Dr Jonas Lee wrote: One" }).waitFor();
    },
  );

  await step(
    "what cannot be sent says why, keeps its text, and is sent once by Retry",
    async () => {
      await patient.route("**/messages/", (route) => route.abort());
      await write(patient, "Is the lift working?");
      await patient.getByText("Not sent.").waitFor({ timeout: 15_000 });
      await patient.getByText("Check your connection.").waitFor();
      await patient.unroute("**/messages/");
      await patient.getByRole("button", { name: "Retry" }).click();
      await message(doctor, "Is the lift working?").waitFor();
      await patient.getByText("Not sent.").waitFor({ state: "detached" });
      assert.equal(await message(patient, "Is the lift working?").count(), 1);
      await write(patient, " ");
      await patient.getByText("Write something first.").waitFor();
    },
  );

  await step(
    "in the call: a button with what is new, a sheet on the phone, beside the picture on a desktop",
    async () => {
      for (
        const [page, button] of [
          [doctor, "Join Call"],
          [patient, "Join Session"],
        ] as const
      ) {
        await page.goto(`${app.origin}/telemedicine/${id}`);
        await page.getByRole("button", { name: button, exact: true }).click();
        await waitForStatus(page, "Connected");
      }
      await chatButton(doctor).click();
      await message(doctor, "Since Monday.").waitFor();
      await write(doctor, "Please show me the arm.");
      await patient.getByRole("button", { name: "Chat 1 new message" })
        .waitFor();
      await chatButton(patient).click();
      await message(patient, "Please show me the arm.").waitFor();
      await message(doctor, "Please show me the arm.").getByText("Seen")
        .waitFor();
      await patient.getByRole("button", { name: "Chat", exact: true })
        .waitFor();
      await tell(patient, doctor, "Here it is.");
      await tell(doctor, patient, "Thank you.");
    },
  );

  await step("the call's own controls stay in reach", async () => {
    await patient.getByRole("button", { name: "Mute microphone", exact: true })
      .click();
    await patient.getByRole("button", { name: "Unmute microphone" }).click();
    const sheet = (await patient.locator("#chat").boundingBox())!;
    const bar = (await patient.getByRole("toolbar").boundingBox())!;
    assert(sheet.y + sheet.height <= bar.y + 1);
    assert(sheet.y >= 48, "the status stays in sight");
    const box = (await doctor.locator("#chat").boundingBox())!;
    const picture = (await doctor.locator("#remote-media-container")
      .boundingBox())!;
    assert(box.x >= picture.x + picture.width);
    for (const page of [doctor, patient]) {
      assert.deepEqual(await violations(page), []);
    }
  });

  await step(
    "closed and opened again, what was being written is still there",
    async () => {
      await field(doctor).fill("Half a sent");
      await doctor.keyboard.press("Escape");
      await doctor.locator("#chat").waitFor({ state: "detached" });
      assert.equal(
        await doctor.evaluate(() =>
          document.activeElement?.getAttribute("aria-controls")
        ),
        "chat",
      );
      await doctor.getByRole("complementary", { name: "Visit panel" })
        .waitFor();
      await chatButton(doctor).click();
      assert.equal(await field(doctor).inputValue(), "Half a sent");
      await field(doctor).fill("");
    },
  );

  await step("nothing of it goes to the video service", async () => {
    const heard = [
      ...sockets,
      ...await doctor.evaluate(() => globalThis.sentOnChannels),
      ...await patient.evaluate(() => globalThis.sentOnChannels),
    ];
    assert(heard.some((text) => text.includes("participant")));
    for (const text of ["Please show me", "Here it is", "Thank you"]) {
      assert(!heard.some((said) => said.includes(text)), text);
    }
  });

  await step("after the call: the same messages, and the next", async () => {
    await doctor.getByRole("button", { name: "End Session" }).click();
    await doctor.getByRole("dialog").getByRole("button", {
      name: "End Session",
    }).click();
    for (const page of [doctor, patient]) {
      await page.getByRole("heading", { name: /has ended/ }).waitFor();
      await page.getByRole("link", { name: "Messages", exact: true }).click();
      await message(page, "Here it is.").waitFor();
    }
    await tell(doctor, patient, "Use the cream twice a day.");
    await tell(patient, doctor, "I will.");
  });

  await step(
    "a closed visit stays readable, and says so on the spot",
    async () => {
      const visitId = new URL(doctor.url()).pathname.split("/")[2];
      await field(patient).fill("One more thing");
      await doctor.goto(`${app.origin}/visits/${visitId}`);
      await doctor.getByText("Close visit…").click();
      await doctor.getByRole("button", { name: "Close visit" }).click();
      await patient.getByText("The visit is closed.").waitFor();
      await patient.getByText("One more thing").waitFor();
      await message(patient, "I will.").waitFor();
    },
  );

  await until(
    () => Promise.resolve([...clinic.doctor.errors, ...clinic.patient.errors]),
    (found) => found.length === 0,
    "no errors",
    0,
  );
});

Deno.test("what one is writing while waiting survives being taken into the call", async () => {
  await using clinic = await openClinic();
  const { app } = clinic;
  const [doctor, patient] = [clinic.doctor.page, clinic.patient.page];
  await signIn(patient, app.origin, "asha@demo.bedside");
  await signIn(doctor, app.origin, "dr.rao@demo.bedside");
  const { body } = await ask(
    patient,
    "GET",
    "v1/telemedicine/?status=SCHEDULED",
  );
  const { id } = body.results.find((one: SessionView) => one.voice_only);
  await patient.goto(`${app.origin}/telemedicine/${id}`);
  await patient.getByRole("button", { name: "Join Session" }).click();
  await patient.getByRole("button", { name: /^Message Dr Meera Rao/ }).click();
  await message(patient, "Better. I woke up once").waitFor();
  await field(patient).fill("I have the diary here, pa");
  await ask(doctor, "POST", `v1/telemedicine/${id}/start/`);
  await waitForStatus(patient, "Connected");
  assert.equal(
    await field(patient).inputValue(),
    "I have the diary here, pa",
  );
});
