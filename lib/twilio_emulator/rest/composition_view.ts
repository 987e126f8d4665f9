/**
 * What the Composition and the CompositionHook resource have in common in
 * JSON (https://www.twilio.com/docs/video/api/compositions-resource).
 *
 * @module
 */
import type { CompositionOptions } from "../hooks/composition_options.ts";

/** The parameters of a composition. */
export function compositionOptionsView(
  options: CompositionOptions,
): Record<string, unknown> {
  return {
    audio_sources: options.audioSources,
    audio_sources_excluded: options.audioSourcesExcluded,
    video_layout: options.videoLayout,
    resolution: options.resolution,
    format: options.format,
    trim: options.trim,
    status_callback: options.statusCallback,
    status_callback_method: options.statusCallbackMethod,
  };
}
