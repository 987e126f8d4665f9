/** Finds the guards of the app in its source, and takes them out one by one. */

/** The app with one guard less. */
export interface Mutant {
  file: string;
  /** From 1. */
  line: number;
  /** The guard that is gone, in one line. */
  guard: string;
  /** The whole file without it. */
  source: string;
}

/** A piece of source, and what is to stand there instead. */
interface Edit {
  start: number;
  end: number;
  by: string;
}

const yes = () => "true";
const nothing = () => "undefined";
const anyCaller = ([state]: string[]) => `(${state}).caller`;
/** Whoever is let in by mistake still has to sit somewhere: where their role would. */
const anySeat = ([actor]: string[]) =>
  `((${actor}).role === "patient" ? "patient" : "doctor")`;

const anyCallSeat = ([actor]: string[]) =>
  `((${actor}).role === "patient" ? "patient" : "candidate")`;

/** Functions that let somebody through or do not, and what stands in place of a call once they let everybody through. */
const GUARDS: Record<string, (args: string[]) => string> = {
  requireCaller: anyCaller,
  requireMay: anyCaller,
  authorize: anySeat,
  seatOf: anySeat,
  authorizeVisit: nothing,
  authorizeRole: nothing,
  authorizeCall: nothing,
  callSeatOf: anyCallSeat,
  refuseOtherSites: nothing,
  isPermitted: yes,
  isFromOwnPages: yes,
  isOwnIdentity: yes,
  "services.video.isSigned": yes,
  countOne: () => "0",
  requireVideo: nothing,
};

/** Refusals of guards. */
const DENIALS = [
  "unauthenticated",
  "role_forbidden",
  "cross_site",
  "misdirected",
  "identity_mismatch",
  "signature_invalid",
  "session_not_found",
  "visit_not_found",
  "call_not_found",
  "rate_limited",
  "doctor_busy",
];

/** Comparisons that say who somebody is, and the middleware among the guards; each with what is left without. */
const PATTERNS: [RegExp, string][] = [
  [/\bactor\.role === "(?:doctor|patient)" && /g, ""],
  [/\bactor\.accountId === (?:doctor|(?:call\.)?patient)\.id\b/g, "true"],
  [/\bactor\.role !== "(?:doctor|patient)"/g, "false"],
  [/\bactor\.accountId === call\.acceptedBy\?\.id\b/g, "true"],
  [/\bsuits\(skills, call\)/g, "true"],
  [/\n\s*\.use\(requireSameOrigin\)/g, ""],
];

/** Every way to take one guard out of a file. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const code = masked(source);
  const edits = [
    ...Object.entries(GUARDS).flatMap(([name, replacement]) =>
      calls(source, code, name, replacement)
    ),
    ...denials(source, code),
    ...PATTERNS.flatMap(([pattern, by]) =>
      [...source.matchAll(pattern)].map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
        by,
      }))
    ),
  ].sort((a, b) => a.start - b.start);
  return edits.map(({ start, end, by }) => ({
    file,
    line: source.slice(0, start).split("\n").length,
    guard: source.slice(start, end).replace(/\s+/g, " ").trim(),
    source: source.slice(0, start) + by + source.slice(end),
  }));
}

/** Where a function is called; not where it is declared or imported. */
function calls(
  source: string,
  code: string,
  name: string,
  replacement: (args: string[]) => string,
): Edit[] {
  const pattern = new RegExp(
    `(?<!function )(?<![\\w.])${name.replaceAll(".", "\\.")}\\(`,
    "g",
  );
  return [...code.matchAll(pattern)].map(({ index: start, 0: opening }) => {
    const inside = start + opening.length;
    const { end, commas } = closing(code, inside);
    const bounds = [inside - 1, ...commas, end - 1];
    const args = bounds.slice(1).map((to, i) =>
      source.slice(bounds[i]! + 1, to).trim()
    );
    return { start, end, by: replacement(args) };
  });
}

/** From inside a bracket: where it is closed, and the commas that are in no other. */
function closing(
  code: string,
  inside: number,
): { end: number; commas: number[] } {
  const commas: number[] = [];
  let depth = 0;
  for (let at = inside; at < code.length; at++) {
    const char = code[at]!;
    if ("([{".includes(char)) depth++;
    else if (char === "," && depth === 0) commas.push(at);
    else if (")]}".includes(char) && depth-- === 0) {
      return { end: at + 1, commas };
    }
  }
  throw new Error("A bracket is never closed");
}

/** Throws that refuse somebody: what they throw is made, and nothing comes of it. */
function denials(source: string, code: string): Edit[] {
  return [...code.matchAll(/\bthrow new AppError\(/g)].filter(
    ({ index, 0: opening }) => {
      const said = /^\s*"(\w+)"/.exec(source.slice(index + opening.length));
      return DENIALS.includes(said?.[1] ?? "");
    },
  ).map(({ index: start }) => ({
    start,
    end: start + "throw".length,
    by: "void",
  }));
}

const SKIPPED = new RegExp(
  [
    "//[^\\n]*",
    "/\\*[^]*?\\*/",
    '"(?:[^"\\\\\\n]|\\\\.)*"',
    // Only where no value can stand before it: else it divides.
    "(?<=[(,=:[!&|?{};]\\s*|\\breturn\\s)/(?![/*])(?:[^/\\\\\\n[]|\\\\.|\\[(?:[^\\]\\\\\\n]|\\\\.)*\\])+/\\w*",
    "`(?:[^`\\\\]|\\\\.)*`",
  ].join("|"),
  "g",
);

/** The source with comments, texts and patterns blanked out: every character stays where it is. */
export function masked(source: string): string {
  return source.replace(SKIPPED, (text) => text.replace(/[^\n]/g, " "));
}
