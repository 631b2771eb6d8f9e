/** How far this release takes each database: what a backup of a newer one is told by. */
import { RESULTS_MIGRATIONS } from "../../results/tables.ts";
import { AUTHORING_MIGRATIONS } from "../../store/authoring.ts";

export const MIGRATIONS_KNOWN = {
  "authoring.db": AUTHORING_MIGRATIONS.length,
  "results.db": RESULTS_MIGRATIONS.length,
} as const;
