/**
 * API tokens of tools: kept as SHA-256, with a role, a scope that may narrow it, an end, and the person who answers
 * for each. What a role may do is `roles.ts`.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Database, Row } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { ACTIONS, type Action, type Role } from "./roles.ts";

const DAY_MS = 86_400_000;
/** A tool that somebody still looks after is given a new one in a quarter. */
export const TOKEN_DAYS_DEFAULT = 90;
export const TOKEN_DAYS_MAX = 730;
export const tokenExpiry = (nowMs: number, days = TOKEN_DAYS_DEFAULT) => nowMs + days * DAY_MS;

export interface ApiToken {
  /** The first digits of its hash: names it without giving it away. */
  id: string;
  name: string;
  role: Role;
  /** What of the role's actions it may; absent: all of them. */
  scope?: Action[];
  createdAtMs: number;
  /** Absent only of the command line's own, and of those made before there was always an end. */
  expiresAtMs?: number;
  /** Person or token. */
  createdBy?: string;
  /** Who answers for it: who made it, or who answers for the token that did. */
  person?: string;
  /** Theirs now: the token may no more than they. Absent where nobody answers for it. */
  personRole?: Role;
}
export type TokenOptions = Pick<ApiToken, "role" | "scope" | "expiresAtMs" | "createdBy" | "person">;
const TOKEN_ID_LENGTH = 16;

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** One that this release does not know is left out: it lets nothing in. */
const readScope = (stored: unknown): Action[] | undefined =>
  stored === null ? undefined : ACTIONS.filter((action) => String(stored).split(",").includes(action));

const optional = (row: Row) => {
  const scope = readScope(row.scope);
  return {
    ...(scope && { scope }),
    ...(row.person !== null && { person: String(row.person) }),
    ...(row.person_role !== null && { personRole: row.person_role as Role }),
  };
};

export const tokenId = (hash: string) => hash.slice(0, TOKEN_ID_LENGTH);

const toToken = (row: Row): ApiToken => ({
  id: tokenId(String(row.hash)),
  name: String(row.name),
  role: row.role as Role,
  createdAtMs: Number(row.created_at_ms),
  ...(row.expires_at_ms !== null && { expiresAtMs: Number(row.expires_at_ms) }),
  ...(row.created_by !== null && { createdBy: String(row.created_by) }),
  ...optional(row),
});

const TOKENS = `SELECT api_token.*, person.role AS person_role FROM api_token
  LEFT JOIN person ON person.name = api_token.person`;

export function createApiTokens(database: Database, clock: Clock) {
  const tokens = {
    async byToken(
      token: string,
    ): Promise<
      ({ kind: "token" } & Pick<ApiToken, "name" | "role" | "scope" | "person" | "personRole">) | undefined
    > {
      const [row] = await database.all(
        `${TOKENS} WHERE api_token.hash = ? AND (expires_at_ms IS NULL OR expires_at_ms > ?)`,
        [sha256(token), clock.wallMs()],
      );
      return row && { kind: "token", name: String(row.name), role: row.role as Role, ...optional(row) };
    },
    /** Lets a token in; harmless when it is in already. */
    async addToken(
      name: string,
      token: string,
      { role, scope, expiresAtMs, createdBy, person }: TokenOptions,
    ): Promise<void> {
      await database.batch([
        {
          sql: `INSERT OR IGNORE INTO api_token
                (hash, name, created_at_ms, role, scope, expires_at_ms, created_by, person)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          args: [
            ...[sha256(token), name, clock.wallMs(), role, scope?.join(",") ?? null],
            ...[expiresAtMs ?? null, createdBy ?? null, person ?? null],
          ],
        },
      ]);
    },
    /** @returns a new token; it is not kept and cannot be shown again */
    async makeToken(name: string, options: TokenOptions): Promise<string> {
      const token = randomBytes(32).toString("hex");
      await tokens.addToken(name, token, options);
      return token;
    },
    /** The newest first. */
    async apiTokens(): Promise<ApiToken[]> {
      return (await database.all(`${TOKENS} ORDER BY api_token.created_at_ms DESC, api_token.hash`)).map(
        toToken,
      );
    },
    /** @returns what was revoked; undefined when there is no such token */
    async revokeToken(id: string): Promise<ApiToken | undefined> {
      if (!/^[0-9a-f]{16}$/.test(id)) return undefined;
      const rows = await database.all(
        "DELETE FROM api_token WHERE substr(hash, 1, 16) = ? RETURNING *, NULL AS person_role",
        [id],
      );
      return rows[0] && toToken(rows[0]);
    },
  };
  return tokens;
}
