import type { VideoProvider } from "@/lib/video/provider.ts";

/** Goes around every call of the video service. */
export type VideoHandling = <T>(
  name: string,
  run: () => Promise<T>,
) => Promise<T>;

/** The same video service, with every call handled; tokens and signatures are no calls. */
export function handledVideo(
  video: VideoProvider,
  handle: VideoHandling,
): VideoProvider {
  return new Proxy(video, {
    get(target, name: keyof VideoProvider) {
      const value = target[name];
      if (
        typeof value !== "function" || name === "createAccessToken" ||
        name === "isSigned"
      ) return value;
      const method = value as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) =>
        handle(`${name}(${String(args[0])})`, () => method(...args));
    },
  });
}
