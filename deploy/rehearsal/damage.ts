/** Damages files of a folder as disks, file systems and people do; what is drawn comes from a seed. */
import { copyFile, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Random } from "../../shared/time/random.ts";

export interface Damage {
  kind: string;
  /** Below the folder. */
  name: string;
}

/** Paths of files below a folder, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

type Harm = (path: string, random: Random, other: string) => Promise<void>;

async function change(path: string, edit: (bytes: Buffer) => void): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length === 0) bytes.fill(0);
  else edit(bytes);
  await writeFile(path, bytes);
}
const below = (most: number, random: Random) => Math.floor(random() * most);
const PAGE = 4_096;

const HARMS: Record<string, Harm> = {
  "flipped a bit of": (path, random) =>
    change(path, (bytes) => {
      const at = below(bytes.length, random);
      bytes[at] = (bytes[at] as number) ^ (1 << below(8, random));
    }),
  "flipped bits of": (path, random) =>
    change(path, (bytes) => {
      for (let count = 0; count < 100; count++) {
        const at = below(bytes.length, random);
        bytes[at] = (bytes[at] as number) ^ (1 << below(8, random));
      }
    }),
  "zeroed a page of": (path, random) =>
    change(path, (bytes) => {
      const at = below(Math.ceil(bytes.length / PAGE), random) * PAGE;
      bytes.fill(0, at, Math.min(bytes.length, at + PAGE));
    }),
  "cut off": async (path, random) => {
    const { length } = await readFile(path);
    await truncate(path, below(length + 1, random));
  },
  emptied: (path) => truncate(path, 0),
  deleted: (path) => rm(path),
  "put rubbish after": async (path, random) => {
    const rubbish = Buffer.from(Array.from({ length: PAGE }, () => below(256, random)));
    await writeFile(path, rubbish, { flag: "a" });
  },
  swapped: async (path, _, other) => {
    if (path === other) return;
    await rename(path, `${path}.aside`);
    await rename(other, path);
    await rename(`${path}.aside`, other);
  },
  "put another in place of": async (path, _, other) => {
    if (path !== other) await copyFile(other, path);
  },
};

/** One to three damages. */
export async function damageFiles(folder: string, random: Random): Promise<Damage[]> {
  const damages: Damage[] = [];
  const kinds = Object.keys(HARMS);
  for (let left = 1 + below(3, random); left > 0; left--) {
    const names = await filesBelow(folder);
    const name = names[below(names.length, random)] as string;
    const other = names[below(names.length, random)] as string;
    const kind = kinds[below(kinds.length, random)] as string;
    await HARMS[kind]?.(join(folder, name), random, join(folder, other));
    damages.push({ kind, name: /swapped|another/.test(kind) ? `${name} and ${other}` : name });
  }
  return damages;
}
