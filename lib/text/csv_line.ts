/** CSV, for those that have texts already: loads nothing. */

/** One line of CSV (RFC 4180): an empty field is null, an empty text is `""`. */
export function csvLine(cells: readonly (string | undefined)[]): string {
  return cells.map((cell) => {
    if (cell === undefined) return "";
    return cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }).join(",") + "\r\n";
}
