/**
 * An emulator of Twilio Video that the unmodified `twilio-video` SDK and the
 * unmodified `twilio` REST client talk to. See README.md beside this file.
 *
 * @module
 */
export { createEmulator } from "./emulator.ts";
export type { Emulator } from "./emulator.ts";
export type { CallbackPolicy } from "./callbacks/policy.ts";
export type { Faults } from "./faults/faults.ts";
export type { FaultsPatch, FaultState, RestFault } from "./faults/model.ts";
export type { MediaControls, NetworkQuality } from "./media/controls.ts";
export type {
  ApiKey,
  EmulatorAccount,
  EmulatorOptions,
  Quotas,
} from "./settings.ts";
export type { Schedule } from "./timers.ts";
