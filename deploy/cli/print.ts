/** How commands print: JSON when asked for, else plain words. */

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Columns as wide as their widest cell; East Asian characters count for two. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const width = (text: string) =>
    [...text].reduce((sum, character) => sum + (/[\u1100-\u115f\u2e80-\uffdc]/.test(character) ? 2 : 1), 0);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ""))));
  for (const row of all) {
    const cells = head.map((_, column) => {
      const cell = row[column] ?? "";
      return cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
    });
    printLine(cells.join("  ").trimEnd());
  }
}

/** `2026-11-23 19:05:00Z`: UTC, because machines differ. */
export function instantText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}Z`;
}
