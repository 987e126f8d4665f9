import { deepEqual, equal } from "node:assert/strict";
import { LocalMediaModel } from "@/lib/call/local_media.ts";
import { FakeDevices, fakeOf, settled } from "@/tests/lib/call/fake_line.ts";

function aMedia(voiceSession = false) {
  const devices = new FakeDevices();
  return { devices, media: new LocalMediaModel(devices, voiceSession) };
}

const no = (name: string) => new DOMException("no", name);

Deno.test("nothing is asked before somebody wants it", async () => {
  const { devices, media } = aMedia();
  await media.openIfAllowed();
  deepEqual(devices.asked, []);
});

Deno.test("what is already allowed opens by itself: a reload costs no click", async () => {
  const { devices, media } = aMedia();
  devices.permissions.camera = devices.permissions.microphone = "granted";
  await media.openIfAllowed();
  equal(media.isComplete.value, true);
  equal(media.camera.value?.kind, "video");
});

Deno.test("both who ask at once wait for one prompt", async () => {
  const { devices, media } = aMedia();
  await Promise.all([media.open(), media.open()]);
  equal(devices.asked.length, 1);
});

Deno.test("no camera: the microphone opens alone and the failure names the camera", async () => {
  const { devices, media } = aMedia();
  devices.refuse.set("camera+microphone", no("NotFoundError"));
  devices.refuse.set("camera", no("NotFoundError"));
  await media.open();
  equal(media.microphone.value?.kind, "audio");
  deepEqual([media.failure.value?.kind, media.failure.value?.name], [
    "camera",
    "NotFoundError",
  ]);

  media.goWithout();
  equal(media.failure.value, null);
  equal(media.isComplete.value, true);
  equal(media.cameraOn.value, false);
});

Deno.test("a camera in use by another app does not take the microphone with it", async () => {
  const { devices, media } = aMedia();
  devices.refuse.set("camera+microphone", no("NotReadableError"));
  devices.refuse.set("camera", no("NotReadableError"));
  await media.open();
  equal(media.failure.value?.kind, "camera");
  equal(media.microphone.value?.kind, "audio");
});

Deno.test("neither there: the failure names both", async () => {
  const { devices, media } = aMedia();
  for (const kinds of ["camera+microphone", "camera", "microphone"]) {
    devices.refuse.set(kinds, no("NotFoundError"));
  }
  await media.open();
  equal(media.failure.value?.kind, "both");
});

Deno.test("a refusal is not asked again by itself", async () => {
  const { devices, media } = aMedia();
  devices.permissions.camera = devices.permissions.microphone = "denied";
  devices.refuse.set("camera+microphone", no("NotAllowedError"));
  await media.open();
  equal(devices.asked.length, 1);
  deepEqual([media.failure.value?.kind, media.failure.value?.permission], [
    "both",
    "denied",
  ]);
});

Deno.test("only the camera blocked: only the camera is blamed", async () => {
  const { devices, media } = aMedia();
  devices.permissions.camera = "denied";
  devices.refuse.set("camera+microphone", no("NotAllowedError"));
  await media.open();
  equal(media.failure.value?.kind, "camera");
});

Deno.test("a permission that is given in the settings is noticed", async () => {
  const { devices, media } = aMedia();
  media.watch();
  devices.permissions.camera = devices.permissions.microphone = "denied";
  devices.refuse.set("camera+microphone", no("NotAllowedError"));
  await media.open();
  devices.refuse.clear();
  devices.permissions.camera = devices.permissions.microphone = "granted";
  devices.changed();
  await settled();
  equal(media.failure.value, null);
  equal(media.isComplete.value, true);
});

Deno.test("a chosen device that has gone gives way to any other", async () => {
  const { devices, media } = aMedia();
  await media.choose("camera", "gone");
  devices.refuse.set("camera+microphone", no("OverconstrainedError"));
  const opening = media.open();
  devices.refuse.clear();
  await opening;
  deepEqual(devices.asked.map(({ camera }) => camera), ["gone", true]);
});

Deno.test("a camera that is switched off is let go, so that its light goes out", async () => {
  const { media } = aMedia();
  await media.open();
  const camera = fakeOf(media.camera.value);
  await media.toggleCamera();
  await settled();
  equal(media.camera.value, null);
  equal(camera.readyState, "ended");
});

Deno.test("the camera is told off before it is let go", async () => {
  const { media } = aMedia();
  await media.open();
  const camera = fakeOf(media.camera.value);
  let stateWhenTold = "";
  media.camera.subscribe((now) => {
    if (now === null) stateWhenTold = camera.readyState;
  });
  await media.toggleCamera();
  equal(stateWhenTold, "live");
});

Deno.test("a muted microphone stays open", async () => {
  const { media } = aMedia();
  await media.open();
  await media.toggleMicrophone();
  equal(media.microphoneOn.value, false);
  equal(fakeOf(media.microphone.value).readyState, "live");
});

Deno.test("another camera is opened after the first was let go", async () => {
  const { devices, media } = aMedia();
  await media.open();
  const first = fakeOf(media.camera.value);
  await media.choose("camera", "back");
  equal(first.readyState, "ended");
  deepEqual(devices.asked.at(-1), { camera: "back" });
});

Deno.test("a camera that cannot be switched on again stays off, with the reason", async () => {
  const { devices, media } = aMedia();
  await media.open();
  await media.toggleCamera();
  devices.refuse.set("camera", no("NotReadableError"));
  await media.toggleCamera();
  equal(media.cameraOn.value, false);
  equal(media.failure.value?.name, "NotReadableError");
});

Deno.test("a device that is taken away is noticed", async () => {
  const { media } = aMedia();
  await media.open();
  fakeOf(media.camera.value).takeAway();
  equal(media.camera.value, null);
  deepEqual([media.failure.value?.kind, media.failure.value?.name], [
    "camera",
    "Ended",
  ]);
});

Deno.test("voice only lets the camera go and wants none any more", async () => {
  const { devices, media } = aMedia();
  await media.open();
  media.useVoiceOnly();
  equal(media.camera.value, null);
  equal(media.isComplete.value, true);
  await media.open();
  equal(devices.asked.length, 1);
});

Deno.test("a permission that comes after everything was closed opens nothing", async () => {
  const { media } = aMedia();
  const opening = media.open();
  media.close();
  await opening;
  equal(media.camera.value, null);
});
