import assert from "node:assert/strict";
import {
  assertContentOf,
  assertMediaFlows,
  signIn,
  story,
  waitForStatus,
} from "../support/call_page.ts";
import {
  ask,
  type Clinic,
  DESK,
  DOCTOR,
  openWindow,
  PATIENT,
  type Visitor,
} from "../support/clinic.ts";
import {
  askedFor,
  askFor,
  callOf,
  endSession,
  openSignedIn,
  QUEUE,
  rowOf,
  takeCalls,
} from "../support/on_demand.ts";

/** Dr Lee beside Dr Rao, free for calls: the running session of the demo clinic is ended first. */
async function addColleague({ app, doctor }: Clinic): Promise<Visitor> {
  const colleague = await openWindow(doctor.browser, DOCTOR, DESK);
  const { page } = colleague;
  await signIn(page, app.origin, "dr.lee@demo.bedside");
  const { body } = await ask(
    page,
    "GET",
    "v1/telemedicine/?status=IN_PROGRESS",
  );
  for (const { id } of body.results) {
    await ask(page, "POST", `v1/telemedicine/${id}/end/`);
  }
  await takeCalls(page, app);
  return colleague;
}

Deno.test("S2.8 S2.24 S2.28 a video call from the dashboard to the dashboard: asked, reloaded, seen, accepted, held, left", async (t) => {
  const step = story(t);
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  let id = "";

  await step(
    "the patient is told plainly that no doctor is there",
    async () => {
      id = await askFor(
        patient.page,
        app,
        "Video call a doc",
        "Rash on my arm",
      );
      await patient.page.getByRole("heading", { name: "You are next" })
        .waitFor();
      await patient.page.getByText("No doctor is available right now")
        .waitFor();
    },
  );

  await step(
    "hears when one is, and keeps the place over a reload",
    async () => {
      await takeCalls(doctor.page, app);
      // Who does not see the page is told as well.
      await patient.page.getByRole("status").getByText(
        "Usually within a minute",
      ).waitFor();
      await patient.page.reload();
      await patient.page.getByRole("heading", { name: "You are next" })
        .waitFor();
      assert(patient.page.url().endsWith(id));
    },
  );

  await step("tries camera and microphone meanwhile", async () => {
    const turnOn = patient.page.getByRole("button", {
      name: "Turn on camera and microphone",
    });
    // Where the browser asks nothing, they are on by themselves.
    await turnOn.or(patient.page.locator("video")).first().waitFor();
    if (await turnOn.isVisible()) await turnOn.click();
    await patient.page.locator("video").waitFor();
  });

  await step(
    "a request is in the doctor's browser within a second",
    async () => {
      await patient.page.getByRole("button", { name: "Cancel call" }).click();
      await patient.page.getByText("You have cancelled the call").waitFor();
      await doctor.page.getByText("Nobody is waiting").waitFor();
      const appeared = doctor.page.evaluate(() =>
        new Promise<number>((resolve) => {
          const observer = new MutationObserver(() => {
            if (document.querySelector("[data-call-id]") === null) return;
            observer.disconnect();
            resolve(Date.now());
          });
          observer.observe(document.body, { childList: true, subtree: true });
        })
      );
      id = await askFor(
        patient.page,
        app,
        "Video call a doc",
        "Rash on my arm",
      );
      const { created_at } = await callOf(patient.page, id);
      const tookMs = await appeared - Date.parse(created_at);
      assert(tookMs < 1_000, `${tookMs} ms`);
    },
  );

  await step(
    "it rings at the doctor, with name, reason and count",
    async () => {
      const row = rowOf(doctor.page, id);
      await row.getByText("Asha Kumar").waitFor();
      await row.getByText("Rash on my arm").waitFor();
      await row.getByText("Video").waitFor();
      await row.getByText(/Offered to you for \d+ more seconds/).waitFor();
      assert.equal(await doctor.page.title(), "(1) Queue · Bedside");
      await doctor.page.getByRole("heading", { name: "1 patient is waiting" })
        .waitFor();
    },
  );

  await step("Accept leads both straight into the call", async () => {
    await rowOf(doctor.page, id).getByRole("button", { name: "Accept" })
      .click();
    for (const { page } of [doctor, patient]) {
      await page.waitForURL("**/telemedicine/*");
      await waitForStatus(page, "Connected");
    }
    for (const { page } of [doctor, patient]) await assertMediaFlows(page);
    await assertContentOf(doctor.page, PATIENT);
    await assertContentOf(patient.page, DOCTOR);
  });

  await step("a doctor in a call is told so in the queue", async () => {
    const other = await doctor.context.newPage();
    await other.goto(app.origin + QUEUE);
    await other.getByText("You are in a session").waitFor();
    await other.close();
  });

  await step(
    "who leaves is back on the dashboard, and can go in again",
    async () => {
      await patient.page.getByRole("button", { name: "Leave Session" }).click();
      await patient.page.waitForURL("**/patient-portal/dashboard?left=*");
      await patient.page.getByText("You left. The visit is still open")
        .waitFor();
      await patient.page.getByRole("link", { name: "Back to the call" })
        .click();
      await patient.page.getByRole("button", { name: "Join Session" }).click();
      await waitForStatus(patient.page, "Connected");
    },
  );

  await step("the end is the end for both", async () => {
    await endSession(doctor.page);
    await doctor.page.getByRole("link", { name: "Open the visit" }).waitFor();
    await doctor.page.getByRole("link", { name: "Back to the queue" }).click();
    await doctor.page.getByText("Nobody is waiting").waitFor();
    await patient.page.getByText("has ended").waitFor();
    await patient.page.getByRole("link", { name: "Back to your home page" })
      .click();
    await patient.page.getByRole("button", { name: "Video call a doc" })
      .waitFor();
  });

  assert.deepEqual([doctor.errors, patient.errors], [[], []]);
});

Deno.test("S2.23 a voice call never asks for a camera", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await takeCalls(doctor.page, app);
  const id = await askFor(patient.page, app, "Voice call a doc");
  await rowOf(doctor.page, id).getByText("Voice").waitFor();
  const turnOn = patient.page.getByRole("button", {
    name: "Turn on microphone",
    disabled: false,
  });
  const sound = patient.page.getByText("Your sound");
  await turnOn.or(sound).waitFor();
  if (await turnOn.isVisible()) await turnOn.click();
  await sound.waitFor();
  assert.equal(await askedFor(patient.page), " microphone");
  await rowOf(doctor.page, id).getByRole("button", { name: "Accept" }).click();
  for (const { page } of [doctor, patient]) {
    await page.waitForURL("**/telemedicine/*");
    await waitForStatus(page, "Connected");
  }
  for (const { page } of [doctor, patient]) {
    assert.match(await askedFor(page), /^( microphone)+$/);
    assert.equal(await page.locator("video").count(), 0);
  }
  await endSession(doctor.page);
});

Deno.test("a call that is passed rings at the next doctor; one that is cancelled rings nowhere", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor: rao, patient } = clinic;
  await takeCalls(rao.page, app);
  const lee = await addColleague(clinic);
  const id = await askFor(patient.page, app, "Video call a doc");
  const offered = /Offered to you/;
  await rowOf(rao.page, id).getByText(offered).waitFor();
  assert.equal(await rowOf(lee.page, id).getByText(offered).count(), 0);

  await rowOf(rao.page, id).getByRole("button", { name: "Pass" }).click();
  await rowOf(lee.page, id).getByText(offered).waitFor();
  await rowOf(rao.page, id).getByText(offered).waitFor({ state: "detached" });

  await patient.page.getByRole("button", { name: "Cancel call" }).click();
  await patient.page.getByRole("heading", {
    name: "You have cancelled the call",
  }).waitFor();
  for (const { page } of [rao, lee]) {
    await page.getByRole("heading", { name: "Nobody is waiting" }).waitFor();
    // The row does not vanish under the finger; it says why, and then goes.
    await rowOf(page, id).getByText("Not waiting any more").waitFor();
  }
  for (const { page } of [rao, lee]) {
    assert.equal(await page.title(), "Queue · Bedside");
    await rowOf(page, id).waitFor({ state: "detached" });
  }
});

Deno.test("the doctor's queue shows at once who has come to the waiting room of a planned session", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor, patient } = clinic;
  await doctor.page.goto(app.origin + QUEUE);
  const planned = "v1/telemedicine/?status=SCHEDULED";
  const { id } = (await ask(patient.page, "GET", planned)).body.results.at(-1);
  const next = doctor.page.locator(`[data-session-id="${id}"]`);
  await next.getByText("Not here yet").waitFor();
  await ask(patient.page, "POST", "v1/telemedicine/token/", { session_id: id });
  await next.getByText("In the waiting room").waitFor();
});

Deno.test("who asks for Spanish is told that nobody there speaks it, asks any doctor instead, and hears the bell go to where it is spoken", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor: rao, patient: { page } } = clinic;
  await takeCalls(rao.page, app);
  const askForSpanish = async () => {
    await page.goto(`${app.origin}/patient-portal/dashboard`);
    await page.getByText("More about the call").click();
    await page.getByLabel("Language").selectOption({ value: "es" });
    await page.getByLabel("It cannot wait").check();
    await page.getByRole("button", { name: "Voice call a doc" }).click();
    await page.waitForURL("**/calls/*");
    return new URL(page.url()).pathname.split("/")[2]!;
  };
  const nobody = page.getByText(
    "No doctor who speaks Spanish is available right now.",
  );
  const first = await askForSpanish();
  await nobody.waitFor();
  await rao.page.getByRole("heading", { name: "Nobody is waiting" }).waitFor();

  // Any doctor will do: it rings at Dr Rao, who is told what it is.
  await page.getByRole("button", { name: "Ask any doctor" }).click();
  await page.getByText("Usually within a minute").first().waitFor();
  const row = rowOf(rao.page, first);
  await row.getByText("urgent").waitFor();
  await row.getByText(/Offered to you/).waitFor();
  await page.getByRole("button", { name: "Cancel call" }).click();
  await page.getByText("You have cancelled the call").waitFor();

  // Dr Rao learns Spanish: who waits for it hears so, and it rings there.
  const second = await askForSpanish();
  await nobody.waitFor();
  await rao.page.getByRole("link", { name: "Which calls ring here" }).click();
  await rao.page.getByLabel("Spanish").check();
  await rao.page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").getByText("Usually within a minute")
    .waitFor();
  await rao.page.getByRole("link", { name: "Queue", exact: true }).last()
    .click();
  await rowOf(rao.page, second).getByText("Spanish").waitFor();
  await rowOf(rao.page, second).getByText(/Offered to you/).waitFor();
});

Deno.test("S2.33 two doctors accept at once: one is in the call, the other is told", async () => {
  await using clinic = await openSignedIn();
  const { app, doctor: rao, patient } = clinic;
  const lee = await addColleague(clinic);
  await takeCalls(rao.page, app);
  const id = await askFor(patient.page, app, "Video call a doc");
  // Both presses are under way before either is answered.
  const { promise: bothPressed, resolve: goOn } = Promise.withResolvers<void>();
  let pressed = 0;
  for (const { page } of [rao, lee]) {
    await page.route("**/accept/", async (route) => {
      if (++pressed === 2) goOn();
      await bothPressed;
      await route.continue();
    });
  }
  for (const { page } of [rao, lee]) {
    await rowOf(page, id).getByRole("button", { name: "Accept" }).click();
  }
  const won = await Promise.race(
    [rao, lee].map(async ({ page }) => {
      await page.waitForURL("**/telemedicine/*");
      return page;
    }),
  );
  const lost = won === rao.page ? lee.page : rao.page;
  await lost.getByText("Another doctor was faster.").waitFor();
  await rowOf(lost, id).getByText("Taken by a colleague").waitFor();
  await waitForStatus(won, "Connected");
  await patient.page.waitForURL("**/telemedicine/*");
  const seen = await callOf(patient.page, id);
  assert.equal(
    seen.doctor?.name,
    won === rao.page ? "Dr Meera Rao" : "Dr Jonas Lee",
  );
  assert(lost.url().endsWith(QUEUE));
});
