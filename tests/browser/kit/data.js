// Applicants of examples/data/german-credit.csv.
import { readFileSync } from "node:fs";

const [head, ...rows] = readFileSync(new URL("../../../examples/data/german-credit.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(","));

/** The variables of the applicant in a row, from 1. */
export const applicant = (row) =>
  Object.fromEntries(head.map((name, i) => [name, /^\d+$/.test(rows[row - 1][i]) ? Number(rows[row - 1][i]) : rows[row - 1][i]]));
