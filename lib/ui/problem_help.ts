import { type ErrorCode, ERRORS } from "@/lib/errors.ts";

/** What a refusal means for the reader and what to do now, in a sentence or two. */
const HELP: Record<ErrorCode, string> = {
  validation: "Go back, check what you entered, and send it again.",
  unauthenticated: "Sign in and open the page again.",
  invalid_credentials:
    "Check both and try again. Capital letters matter in the password.",
  role_forbidden:
    "You are signed in, but this is for another role. Ask the clinic if you need it.",
  identity_mismatch:
    "Nobody can enter a call under somebody else's name. Leave the identity to the app.",
  cross_site: "Nothing was changed. Open the page here and try again.",
  signature_invalid: "Only the video service itself can send this.",
  not_found:
    "The address may be mistyped, or the link has expired. Your visits are safe.",
  visit_not_found:
    "The visit may belong to another account, or the link is mistyped. Your visits are safe.",
  session_not_found:
    "The session may belong to another account, or the link is mistyped. Your visits are safe.",
  recording_not_found:
    "Nothing was recorded, or the recording has been deleted.",
  call_not_found:
    "It may belong to another account, or another doctor has taken it. Your visits are safe.",
  method_not_allowed: "Open the page from the menu and try again.",
  invalid_transition:
    "It has moved on in the meantime. Its status below is the current one.",
  not_started: "It can be joined as soon as the doctor has started it.",
  session_over: "Nobody can join any more; its details stay readable.",
  session_running:
    "End that session first. A visit has one running session at a time.",
  visit_closed:
    "Nothing can be added to a closed visit or started in it. Its past sessions stay readable.",
  call_taken: "The patient is in good hands. The queue shows who still waits.",
  call_over: "A doctor has taken it, or it was taken back.",
  doctor_busy:
    "End that call first; then you can start this session, or take the next call.",
  conflict:
    "Nothing of yours was lost. Look at the current state and try again.",
  request_in_progress:
    "You asked for the same thing a moment ago. Look at the current state before you try again.",
  payload_too_large: "Shorten the text and send it again.",
  unsupported_media_type: "Open the page here and send the form again.",
  misdirected: "Open the app at its own address.",
  idempotency_key_reused:
    "Nothing was changed. A program has to choose a new key for every new request.",
  rate_limited:
    "That was too often for now. Wait some minutes, then try again.",
  unexpected:
    "It is not your device and not your connection. Your visits are safe. Try again in a minute.",
  video_rejected:
    "It was nothing you did. The clinic has to look at its video set-up; then create a new session.",
  video_not_configured:
    "The clinic has to enter its video credentials first. Nothing else is affected.",
  video_unavailable:
    "It is not your device and not your connection. The session stays as it is; try again in a minute.",
  storage_busy: "Nothing was changed. Try again in a moment.",
  storage_unavailable:
    "It is not your device and not your connection. Your visits are safe. Try again in a minute, and look first whether it has been done.",
};

/** The error of this name, if there is one. */
export function errorCode(name: string | null | undefined): ErrorCode | null {
  return name != null && Object.hasOwn(ERRORS, name) ? name as ErrorCode : null;
}

/** What an error means and what to do about it. */
export function problemHelp(code: ErrorCode): string {
  return HELP[code];
}
