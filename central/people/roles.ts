/**
 * Who may do what: the one table of roles and actions. Routes name their action; `app.ts` asks `mayDo` before
 * anything else happens. Roles are no ladder: a publisher does not run edges, an operator does not edit.
 */
import * as v from "valibot";

export const ROLES = ["viewer", "editor", "publisher", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];
export const roleSchema = v.picklist(ROLES);

/**
 * | action | what |
 * | --- | --- |
 * | `look` | read anything but the audit and people |
 * | `edit` | interactions, images, placements |
 * | `guide` | import a guide, channels by hand |
 * | `publish` | publish and roll back |
 * | `withdraw` | take something off the air now; operators too, since it must not wait |
 * | `operate` | regions, edges, tokens of boxes |
 * | `audit` | read who did what |
 * | `administer` | people and API tokens |
 */
export const ACTIONS = [
  "look",
  "edit",
  "guide",
  "publish",
  "withdraw",
  "operate",
  "audit",
  "administer",
] as const;
export type Action = (typeof ACTIONS)[number];

const MAY: Record<Role, readonly Action[]> = {
  viewer: ["look"],
  editor: ["look", "edit", "guide", "audit"],
  publisher: ["look", "edit", "guide", "publish", "withdraw", "audit"],
  operator: ["look", "guide", "withdraw", "operate", "audit"],
  admin: ACTIONS,
};

export const mayDo = (role: Role, action: Action): boolean => MAY[role].includes(action);
export interface Powers {
  role?: Role | undefined;
  /** Of a token that was narrowed: these alone. */
  scope?: readonly Action[] | undefined;
  /** Of a token: the role of who answers for it, as it is now. It may no more than they. */
  personRole?: Role | undefined;
}
/** Of whoever asks: the one place where it is decided. */
export const askerMayDo = ({ role, scope, personRole }: Powers, action: Action): boolean =>
  role !== undefined &&
  mayDo(role, action) &&
  (personRole === undefined || mayDo(personRole, action)) &&
  (scope === undefined || scope.includes(action));
/** In the order of ACTIONS. */
export const powersOf = (asker: Powers): Action[] => ACTIONS.filter((action) => askerMayDo(asker, action));
/** In the order of ACTIONS. */
export const actionsOf = (role: Role): readonly Action[] => ACTIONS.filter((action) => mayDo(role, action));
