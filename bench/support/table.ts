import { isMet, type Row } from "../row.ts";

const HEAD = ["what", "measured", "reference", "ratio", "target", "ok?"];

/** The rows as a table to read in a terminal. */
export function formatTable(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length))
  );
  return lines.map((line) =>
    line.map((cell, column) =>
      // Words to the left, numbers to the right.
      column === 0 || column === 5
        ? cell.padEnd(widths[column]!)
        : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  ).join("\n");
}

function cells(row: Row): string[] {
  const { what, unit, measured, reference, ratio, target, note } = row;
  return [
    what,
    `${inWords(measured)} ${unit}`,
    `${inWords(reference)} ${unit}${note === undefined ? "" : ` ${note}`}`,
    ratio.toFixed(ratio < 0.1 ? 3 : 2),
    "atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`,
    isMet(row) ? "yes" : "NO",
  ];
}

function inWords(value: number): string {
  return value.toLocaleString("en", {
    maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0,
  });
}
