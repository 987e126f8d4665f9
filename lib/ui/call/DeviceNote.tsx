import type { DeviceFailure } from "@/lib/call/device_access.ts";
import { deviceProblem } from "@/lib/call/device_problem.ts";

/** What is wrong with a device, in a few words, during the call. */
export default function DeviceNote({ failure }: { failure: DeviceFailure }) {
  const around = {
    userAgent: navigator.userAgent,
    isSecure: globalThis.isSecureContext,
  };
  return <>{deviceProblem(failure, around).title}.</>;
}
