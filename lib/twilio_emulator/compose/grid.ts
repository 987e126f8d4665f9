/**
 * Where the sources of a region are shown
 * (https://www.twilio.com/docs/video/api/compositions-resource#specifying-video-layouts).
 *
 * @module
 */
import type { VideoRegion } from "../hooks/video_layout.ts";

/** A part of the picture, in pixels. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** When something is there, in seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A source in a cell for a time. */
export interface Placing extends Span {
  /** Index of the source. */
  readonly source: number;
  readonly cell: Cell;
}

/** What of a region decides where its cells are. */
export type GridRegion = Pick<
  VideoRegion,
  | "x_pos"
  | "y_pos"
  | "width"
  | "height"
  | "max_columns"
  | "max_rows"
  | "cells_excluded"
>;

/**
 * The cells of a region, row by row: as many as there are sources at a time,
 * unless its rows and columns are limited. A size that is not given is what
 * remains of the picture.
 *
 * @param count Sources that are shown at the same time.
 */
export function cellsOf(
  region: GridRegion,
  picture: { readonly width: number; readonly height: number },
  count: number,
): Cell[] {
  const width = region.width || picture.width - region.x_pos;
  const height = region.height || picture.height - region.y_pos;
  const excluded = new Set(region.cells_excluded);
  let usable: Cell[] = [];
  // Excluded cells make room for others.
  for (let wanted = count; wanted <= count + excluded.size; wanted++) {
    const [rows, columns] = gridSize(
      wanted,
      region.max_rows,
      region.max_columns,
    );
    const all = Array.from({ length: rows * columns }, (_, index) => {
      const column = index % columns;
      const row = Math.floor(index / columns);
      const left = Math.floor(width * column / columns);
      const top = Math.floor(height * row / rows);
      return {
        x: region.x_pos + left,
        y: region.y_pos + top,
        width: Math.floor(width * (column + 1) / columns) - left,
        height: Math.floor(height * (row + 1) / rows) - top,
      };
    });
    usable = all.filter((_, index) => !excluded.has(index));
    if (usable.length >= count) break;
  }
  return usable;
}

/**
 * Rows and columns for so many sources: 1×1, 1×2, 2×2, 2×3, 3×3, 3×4 …
 *
 * @param maxRows 0: any number.
 * @param maxColumns 0: any number.
 */
export function gridSize(
  count: number,
  maxRows = 0,
  maxColumns = 0,
): readonly [rows: number, columns: number] {
  if (count < 1) return [0, 0];
  const mostRows = maxRows || Infinity;
  const mostColumns = maxColumns || Infinity;
  const square = Math.min(Math.ceil(Math.sqrt(count)), mostColumns);
  const rows = Math.min(Math.ceil(count / square), mostRows);
  return [rows, Math.min(Math.ceil(count / rows), mostColumns)];
}

/**
 * Which source is in which cell, and when. One that is shown keeps its cell
 * until it ends, or until `show_newest` needs it for another.
 *
 * @param sources In the order in which they begin.
 */
export function placeSources(
  region: GridRegion & Pick<VideoRegion, "reuse">,
  picture: { readonly width: number; readonly height: number },
  sources: readonly Span[],
): Placing[] {
  const isReused = region.reuse !== "none";
  const count = isReused ? mostAtOnce(sources) : sources.length;
  const cells = cellsOf(region, picture, count);
  if (!isReused) {
    return sources.slice(0, cells.length).map((span, source) => ({
      ...span,
      source,
      cell: cells[source]!,
    }));
  }
  const placings: { -readonly [K in keyof Placing]: Placing[K] }[] = [];
  let shown = new Map<number, typeof placings[number]>();
  const times = timesOf(sources);
  for (const [index, from] of times.slice(0, -1).entries()) {
    const to = times[index + 1]!;
    const there = [...sources.keys()].filter((source) =>
      sources[source]!.from <= from && sources[source]!.to > from
    );
    const chosen = region.reuse === "show_newest"
      ? there.slice(Math.max(0, there.length - cells.length))
      : there.slice(0, cells.length);
    shown = new Map(
      [...shown].filter(([source]) => chosen.includes(source)),
    );
    for (const source of chosen) {
      const known = shown.get(source);
      if (known) {
        known.to = to;
        continue;
      }
      const taken = new Set([...shown.values()].map(({ cell }) => cell));
      const cell = cells.find((one) => !taken.has(one))!;
      const placing = { source, cell, from, to };
      placings.push(placing);
      shown.set(source, placing);
    }
  }
  return placings;
}

function mostAtOnce(sources: readonly Span[]): number {
  return Math.max(
    0,
    ...timesOf(sources).map((time) =>
      sources.filter(({ from, to }) => from <= time && to > time).length
    ),
  );
}

function timesOf(sources: readonly Span[]): number[] {
  const times = new Set(sources.flatMap(({ from, to }) => [from, to]));
  return [...times].sort((a, b) => a - b);
}
