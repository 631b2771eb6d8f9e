/**
 * Where a browser keeps what somebody types and has not saved: each person's apart, so that whoever signs in after
 * them neither sees nor saves it. Pure over `Keep`.
 */
export interface Keep {
  read(key: string): string | undefined;
  write(key: string, value: string | undefined): void;
  keys(): string[];
}

const folderOf = (person: string) => `draft/${encodeURIComponent(person)}/`;

/** @param thing `placement tonight` */
export const draftKey = (person: string, thing: string): string => folderOf(person) + thing;

/** The things of which a person has unsaved drafts here, sorted. */
export function unsavedOf(keep: Pick<Keep, "keys">, person: string): string[] {
  const folder = folderOf(person);
  return keep
    .keys()
    .filter((key) => key.startsWith(folder))
    .map((key) => key.slice(folder.length))
    .sort();
}

export function forgetDrafts(keep: Keep, person: string): void {
  for (const thing of unsavedOf(keep, person)) keep.write(draftKey(person, thing), undefined);
}

/** Drafts of an earlier release, which did not say whose they are: nobody may see them. */
export function forgetNobodysDrafts(keep: Keep): void {
  for (const key of keep.keys()) if (key.startsWith("draft.")) keep.write(key, undefined);
}
