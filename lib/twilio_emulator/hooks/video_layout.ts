/**
 * The regions of a composed picture
 * (https://www.twilio.com/docs/video/api/compositions-resource#specifying-video-layouts).
 *
 * @module
 */
import { z } from "zod";
import { TwilioFault } from "../errors.ts";

/** Smallest side of a region; one without a size counts as so large when it must fit. */
const MIN_SIDE = 16;

const sources = z.array(z.string().regex(/^(\*?[^*]+\*?|\*)$/));

const region = z.strictObject({
  video_sources: sources.min(1),
  video_sources_excluded: sources.default([]),
  reuse: z.enum(["none", "show_oldest", "show_newest"]).default("show_oldest"),
  x_pos: z.int().min(0).default(0),
  y_pos: z.int().min(0).default(0),
  z_pos: z.int().min(-99).max(99).default(0),
  // 0 stands for "not given" in Twilio's answers.
  width: z.union([z.literal(0), z.int().min(MIN_SIDE)]).default(0),
  height: z.union([z.literal(0), z.int().min(MIN_SIDE)]).default(0),
  max_columns: z.int().min(0).max(1000).default(0),
  max_rows: z.int().min(0).max(1000).default(0),
  cells_excluded: z.array(z.int().min(0).max(999_999)).default([]),
});

/** A region with every default filled in, as in Twilio's answers. */
export type VideoRegion = Readonly<z.infer<typeof region>>;

/** The regions by their names; none: no picture. */
export type VideoLayout = Readonly<Record<string, VideoRegion>>;

const layout = z.record(z.string().min(1), region);

/**
 * Reads a layout from the JSON text of a form parameter.
 *
 * @param width Of the whole picture.
 * @param height Of the whole picture.
 * @throws {TwilioFault} 20001 for a bad one, or when a region lies outside.
 */
export function parseVideoLayout(
  json: string,
  width: number,
  height: number,
): VideoLayout {
  try {
    const regions = layout.parse(JSON.parse(json));
    const fits = Object.values(regions).every((region) =>
      region.x_pos + (region.width || MIN_SIDE) <= width &&
      region.y_pos + (region.height || MIN_SIDE) <= height
    );
    if (fits) return regions;
  } catch {
    // Said below.
  }
  throw new TwilioFault(20001, "Invalid VideoLayout");
}
