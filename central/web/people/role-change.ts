/** What giving somebody another role means, for the question before it is done. Pure. */
import { ACTIONS, type Action, mayDo, type Powers, powersOf, type Role } from "../../people/roles.ts";

export interface RoleChange {
  /** Nothing would change. */
  same: boolean;
  /** The person is the only admin: nobody could let others in any more. */
  lastAdmin: boolean;
  /** Whoever asks takes from themselves what it takes to change it back. */
  locksOut: boolean;
  gains: Action[];
  loses: Action[];
}

/** @param asker who changes it */
export function roleChange(
  people: readonly { name: string; role: Role }[],
  { name, from, to, asker }: { name: string; from: Role; to: Role; asker: string },
): RoleChange {
  const loses = ACTIONS.filter((action) => mayDo(from, action) && !mayDo(to, action));
  return {
    same: from === to,
    lastAdmin: to !== "admin" && isLastAdmin(people, name),
    locksOut: name === asker && loses.includes("administer"),
    gains: ACTIONS.filter((action) => mayDo(to, action) && !mayDo(from, action)),
    loses,
  };
}

export function isLastAdmin(people: readonly { name: string; role: Role }[], name: string): boolean {
  const admins = people.filter(({ role }) => role === "admin");
  return admins.length === 1 && admins[0]?.name === name;
}

/** Tokens that a person answers for. */
export const tokensOf = <T extends { person?: string | undefined }>(
  tokens: readonly T[],
  name: string,
): T[] => tokens.filter(({ person }) => person === name);

/** Whether who answers for a token may less than it was made for. */
export const isCapped = ({ personRole: _, ...made }: Powers & { may: readonly Action[] }): boolean =>
  powersOf(made).length > made.may.length;

/** Tokens of a person that may less with another role of theirs. */
export const tokensNarrowed = <T extends Powers & { may: readonly Action[] }>(
  own: readonly T[],
  to: Role,
): T[] => own.filter((token) => powersOf({ ...token, personRole: to }).length < token.may.length);
