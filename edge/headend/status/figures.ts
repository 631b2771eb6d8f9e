/** Figures as the status page writes them. */

/** `2026-11-23 11:04 UTC`. */
export const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
export const second = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;

const SIZES: readonly [bytes: number, name: string][] = [
  [1_099_511_627_776, "TiB"],
  [1_073_741_824, "GiB"],
  [1_048_576, "MiB"],
  [1_024, "KiB"],
];

/** `3.4 GiB`. */
export function size(bytes: number): string {
  const [unit, name] = SIZES.find(([least]) => bytes >= least) ?? [1, "B"];
  const value = bytes / unit;
  return `${value >= 100 || unit === 1 ? Math.round(value) : value.toFixed(1)} ${name}`;
}

/** `102,300`. */
export const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
