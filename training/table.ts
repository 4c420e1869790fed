/** A Markdown table, one line a row: what stands in a cell cannot end it. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, columns.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.map(inOneCell).join(" | ")} |`).join("\n");
}

function inOneCell(text: string): string {
  return text.replace(/[\s|]+/g, " ");
}
