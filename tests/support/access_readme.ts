/** `task access:readme`: writes the table of who may do what into `lib/access/README.md`. A test sees to it that this was done. */
import { fileURLToPath } from "node:url";
import {
  CLINIC_OPERATIONS,
  type ClinicRow,
  type Row,
  SUBJECTS,
  type Verdict,
} from "@/lib/access/table.ts";
import { type ErrorCode, ERRORS } from "@/lib/errors.ts";

/** Where the table stands for people to read. */
export const ACCESS_README = fileURLToPath(
  new URL("../../lib/access/README.md", import.meta.url),
);

const INTRODUCTION = `# Who may do what

Written by \`deno task access:readme\` from [\`table.ts\`](table.ts). The code
reads the same table: \`authorize()\`, \`authorizeVisit()\`, \`authorizeCall()\` and
\`requireMay()\` ask it who may, \`availableActions()\` what to offer. And
[a test](../../tests/lib/access/matrix_test.ts) reads it: it asks every address
below as everybody, in every status, and holds each answer against it.

Whoever is not signed in gets 401 \`unauthenticated\` everywhere; pages send them
to sign in, and \`GET /api/video/token\` says it in its own words. A record that is not one's own is answered like one that does not
exist, to the last byte. **offered** works and has a button; *works* does so
without one, mostly because nothing is left to do; everything else is the
refusal.
`;

function said(
  verdict: Verdict | undefined,
  condition: string | undefined,
): string {
  if (verdict === undefined) return "–";
  if (verdict === "works") return "*works*";
  if (verdict !== "offered") return refusal(verdict);
  return condition === undefined
    ? "**offered**"
    : `**offered** if ${condition}`;
}

function refusal(code: ErrorCode): string {
  return `${ERRORS[code].status} \`${code}\``;
}

function addresses(faces: readonly string[]): string {
  return faces.map((face) => `\`${face}\``).join("<br>");
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

function subjectSection(
  name: string,
  statuses: readonly string[],
  seats: readonly string[],
  unknown: ErrorCode,
  operations: Record<string, Row<string, unknown, string>>,
): string {
  const all = Object.entries(operations);
  const lines = all.flatMap(([operation, row]) =>
    seats.map((seat, i) => {
      const { what, given } = row;
      const cells = row.seats[seat];
      return [
        i === 0 ? `\`${operation}\`: ${what}` : "",
        seat,
        ...statuses.map((status) =>
          cells === undefined
            ? refusal("role_forbidden")
            : said(cells[status], given?.words)
        ),
      ];
    })
  );
  const otherwise = all.flatMap(([operation, { given }]) =>
    given === undefined ? [] : [
      `\`${operation}\` unless ${given.words}: ${
        said(given.otherwise, undefined)
      }.`,
    ]
  );
  return `\n## A ${name}

Everybody else, and anybody who asks for one that does not exist:
${refusal(unknown)}.

${table(["", "", ...statuses], lines)}
${otherwise.join("\n")}

${
    table(
      ["", "where", "from which page"],
      all.map(([operation, { faces, forms = [] }]) => [
        `\`${operation}\``,
        addresses(faces),
        addresses(forms),
      ]),
    )
  }`;
}

function clinicSection(): string {
  const rows: [string, ClinicRow][] = Object.entries(CLINIC_OPERATIONS);
  return `\n## The clinic at large

The role alone decides; whoever has another gets ${refusal("role_forbidden")}.

${
    table(
      ["", "who", "where"],
      rows.map(([operation, { what, roles, faces }]) => [
        `\`${operation}\`: ${what}`,
        roles === "anyone"
          ? "anyone"
          : roles === "video"
          ? `the video service; others ${refusal("signature_invalid")}`
          : roles.join(", "),
        addresses(faces),
      ]),
    )
  }`;
}

/** The whole text, formatted as `deno fmt` has it. */
export async function renderAccessReadme(): Promise<string> {
  const sections = Object.values(SUBJECTS).map((
    { name, statuses, seats, unknown, operations },
  ) =>
    subjectSection(
      name,
      statuses,
      seats,
      unknown,
      operations as Record<string, Row<string, unknown, string>>,
    )
  );
  const text = [INTRODUCTION, ...sections, clinicSection()].join("");
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { stdout } = await formatter.output();
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  await Deno.writeTextFile(ACCESS_README, await renderAccessReadme());
}
