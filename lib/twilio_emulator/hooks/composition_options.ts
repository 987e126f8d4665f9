/**
 * What a composition is made of: parameters that compositions and
 * composition hooks share
 * (https://www.twilio.com/docs/video/api/compositions-resource#create-a-composition-resource).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";
import { callbackMethod, flag, statusCallback } from "../forms.ts";
import { parseVideoLayout, type VideoLayout } from "./video_layout.ts";

/** The parameters after checks and defaults. */
export interface CompositionOptions {
  readonly audioSources: readonly string[];
  readonly audioSourcesExcluded: readonly string[];
  readonly videoLayout: VideoLayout;
  /** `WIDTHxHEIGHT` in pixels. */
  readonly resolution: string;
  readonly format: "mp4" | "webm";
  /** Whether to leave out the time in which there was no media. */
  readonly trim: boolean;
  readonly statusCallback: string | null;
  readonly statusCallbackMethod: "GET" | "POST";
}

const MIN_SIDE = 16;
const MAX_SIDE = 1280;
const MAX_AREA = 921_600;

/**
 * Reads the form of `POST /v1/Compositions`, or of a hook.
 *
 * @throws {TwilioFault} 20001 naming the parameter; 53110 and 53111 for the
 * status callback.
 */
export function parseCompositionOptions(
  form: URLSearchParams,
): CompositionOptions {
  const resolution = parseResolution(form.get("Resolution") || "640x480");
  const [width, height] = resolution;
  const audioSources = sources(form, "AudioSources");
  const json = form.get("VideoLayout");
  const videoLayout = json ? parseVideoLayout(json, width, height) : {};
  if (audioSources.length === 0 && Object.keys(videoLayout).length === 0) {
    throw new TwilioFault(
      20001,
      "Either AudioSources or VideoLayout is required",
    );
  }
  return {
    audioSources,
    audioSourcesExcluded: sources(form, "AudioSourcesExcluded"),
    videoLayout,
    resolution: resolution.join("x"),
    format: parseFormat(form.get("Format")),
    trim: flag(form, "Trim", true),
    statusCallback: statusCallback(form.get("StatusCallback")),
    statusCallbackMethod: callbackMethod(form.get("StatusCallbackMethod")),
  };
}

/** The client repeats the key; others send one comma-joined value. */
function sources(form: URLSearchParams, key: string): readonly string[] {
  return form.getAll(key).flatMap((value) => value.split(","))
    .map((value) => value.trim()).filter(Boolean);
}

function parseResolution(text: string): readonly [number, number] {
  const [, width, height] = text.match(/^(\d{1,4})x(\d{1,4})$/) ?? [];
  const size = [Number(width), Number(height)] as const;
  const fits = size.every((side) => side >= MIN_SIDE && side <= MAX_SIDE) &&
    size[0] * size[1] <= MAX_AREA;
  if (!fits) throw new TwilioFault(20001, "Invalid Resolution");
  return size;
}

function parseFormat(text: string | null): "mp4" | "webm" {
  if (!text) return "webm";
  if (text === "mp4" || text === "webm") return text;
  throw new TwilioFault(20001, "Invalid Format");
}
