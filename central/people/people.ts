/**
 * Who may use central: persons by password, tools by token (`api-tokens.ts`). Passwords are kept as scrypt, sessions
 * and tokens as SHA-256, so that the database gives none of them away. What each may do is `roles.ts`.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { CuecastError } from "../../shared/errors.ts";
import type { Database } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { createLock } from "../publish/lock.ts";
import { type ApiToken, createApiTokens, sha256 } from "./api-tokens.ts";
import type { Action, Role } from "./roles.ts";

/** A working day and its evening. */
export const SESSION_MS = 12 * 3_600_000;
/** Of scrypt: about 60 ms and 32 MB a try. */
export const PASSWORD_COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
export type PasswordCost = typeof PASSWORD_COST;
const HASH_BYTES = 32;
/** Wrong tries from one address for one name within the span; then it waits. */
const TRIES_MAX = 8;
const TRIES_SPAN_MS = 60_000;
/** The same of one address, whatever the names: against whoever tries one password on many. */
const TRIES_OF_ADDRESS_MAX = 40;
/** Persons of one name that a provider may send. */
const NAMES_TRIED_MAX = 100;
/** Addresses and names remembered. */
const TRIES_REMEMBERED_MAX = 10_000;

export interface Asker {
  kind: "person" | "token" | "edge" | "nobody";
  name: string;
  /** Only of persons and tokens. */
  role?: Role;
  /** Of a token that may less than its role. */
  scope?: Action[];
  /** Of a token: who answers for it, and their role now. */
  person?: string;
  personRole?: Role;
}
export interface Person {
  name: string;
  role: Role;
  createdAtMs: number;
  /** Sessions that are open now. */
  sessions: number;
}

/** @param cost lower only in tests, whose passwords protect nothing: hashes of another cost match no more */
export function createPeople(database: Database, clock: Clock, cost: PasswordCost = PASSWORD_COST) {
  /** One at a time: scrypt takes memory, and a flood of tries must not take all of it. */
  const inTurn = createLock();
  const tries = new Map<string, { count: number; untilMs: number }>();
  const hashPassword = (password: string, salt: string): Promise<Buffer> =>
    new Promise((resolve, reject) =>
      scrypt(password.normalize("NFC"), salt, HASH_BYTES, cost, (error, hash) =>
        error ? reject(error) : resolve(hash),
      ),
    );

  /** Counts a try. @throws {CuecastError} 429 `too-many-tries` */
  function refuseTooMany(who: string, most: number): void {
    const nowMs = clock.wallMs();
    const found = tries.get(who);
    const going = found !== undefined && found.untilMs > nowMs;
    if (going && found.count >= most) {
      throw new CuecastError("Cannot sign in: too many wrong tries; wait a minute", {
        code: "too-many-tries",
        status: 429,
        retryable: true,
        retryAfterMs: found.untilMs - nowMs,
      });
    }
    if (tries.size > TRIES_REMEMBERED_MAX) forgetOldTries(nowMs);
    tries.set(who, { count: going ? found.count + 1 : 1, untilMs: nowMs + TRIES_SPAN_MS });
  }

  /** Those whose time is over, else the ones tried longest ago: never all, which would let everybody begin anew. */
  function forgetOldTries(nowMs: number): void {
    for (const [who, { untilMs }] of tries) if (untilMs <= nowMs) tries.delete(who);
    for (const who of tries.keys()) {
      if (tries.size <= TRIES_REMEMBERED_MAX) return;
      tries.delete(who);
    }
  }

  async function openSession(name: string, address: string) {
    const secret = randomBytes(32).toString("hex");
    const expiresAtMs = clock.wallMs() + SESSION_MS;
    await database.batch([
      { sql: "DELETE FROM session WHERE expires_at_ms < ?", args: [clock.wallMs()] },
      {
        sql: "INSERT INTO session (hash, person, expires_at_ms, created_at_ms, address) VALUES (?, ?, ?, ?, ?)",
        args: [sha256(secret), name, expiresAtMs, clock.wallMs(), address],
      },
    ]);
    return { secret, expiresAtMs };
  }

  const tokens = createApiTokens(database, clock);
  return {
    ...tokens,
    /** A session of somebody who was let in. @returns its secret, for a cookie */
    openSession,
    /**
     * The person of an identity provider's subject: made at the first sign-in, under a name that nobody has, and
     * with the role that the provider gives now. Such a person has no password until an admin gives one.
     */
    async fromProvider({
      subject,
      name: wanted,
      role,
    }: {
      subject: string;
      name: string;
      role: Role;
    }): Promise<{ name: string; role: Role; made: boolean }> {
      const [known] = await database.all("SELECT name FROM person WHERE subject = ?", [subject]);
      if (known) {
        const name = String(known.name);
        await database.batch([{ sql: "UPDATE person SET role = ? WHERE name = ?", args: [role, name] }]);
        return { name, role, made: false };
      }
      for (let number = 1; number <= NAMES_TRIED_MAX; number++) {
        const name = number === 1 ? wanted : `${wanted}~${number}`;
        const made = await database.all(
          `INSERT INTO person (name, salt, hash, created_at_ms, role, subject) VALUES (?, '', '', ?, ?, ?)
           ON CONFLICT DO NOTHING RETURNING name`,
          [name, clock.wallMs(), role, subject],
        );
        if (made.length > 0) return { name, role, made: true };
      }
      throw new CuecastError(`Cannot let ${wanted} in: too many people have that name`, {
        code: "oidc-refused",
        status: 401,
      });
    },
    /** Makes the person, or gives a new password; with one, every session of the person ends. */
    async setPassword(name: string, password: string, role: Role = "admin"): Promise<void> {
      const salt = randomBytes(16).toString("hex");
      const hash = (await inTurn(() => hashPassword(password, salt))).toString("hex");
      await database.batch([
        {
          sql: `INSERT INTO person (name, salt, hash, created_at_ms, role) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET salt = excluded.salt, hash = excluded.hash`,
          args: [name, salt, hash, clock.wallMs(), role],
        },
        { sql: "DELETE FROM session WHERE person = ?", args: [name] },
      ]);
    },
    async list(): Promise<Person[]> {
      const rows = await database.all(
        `SELECT name, role, created_at_ms, (SELECT count(*) FROM session
           WHERE session.person = person.name AND session.expires_at_ms > ?) AS sessions
         FROM person ORDER BY name`,
        [clock.wallMs()],
      );
      return rows.map((row) => ({
        name: String(row.name),
        role: row.role as Role,
        createdAtMs: Number(row.created_at_ms),
        sessions: Number(row.sessions),
      }));
    },
    async setRole(name: string, role: Role): Promise<void> {
      await database.batch([{ sql: "UPDATE person SET role = ? WHERE name = ?", args: [role, name] }]);
    },
    /**
     * With every session, and every API token that the person answers for unless `keepTokens`: those then answer to
     * nobody, so that another of that name does not come by them.
     *
     * @returns the tokens that it was about
     */
    async removePerson(name: string, { keepTokens }: { keepTokens: boolean }): Promise<ApiToken[]> {
      const own = (await tokens.apiTokens()).filter(({ person }) => person === name);
      await database.batch([
        { sql: "DELETE FROM session WHERE person = ?", args: [name] },
        {
          sql: keepTokens
            ? "UPDATE api_token SET person = NULL WHERE person = ?"
            : "DELETE FROM api_token WHERE person = ?",
          args: [name],
        },
        { sql: "DELETE FROM person WHERE name = ?", args: [name] },
      ]);
      return own;
    },
    async hasPerson(name: string): Promise<boolean> {
      return (await database.all("SELECT 1 FROM person WHERE name = ?", [name])).length > 0;
    },
    /**
     * @param address the asker's, for throttling
     * @returns the session's secret, for a cookie
     * @throws {CuecastError} 401 `wrong-password`, 429 `too-many-tries`
     */
    async signIn(
      name: string,
      password: string,
      address: string,
    ): Promise<{ secret: string; expiresAtMs: number }> {
      const who = `${address}\n${name}`;
      const from = `${address}\n`;
      refuseTooMany(from, TRIES_OF_ADDRESS_MAX);
      refuseTooMany(who, TRIES_MAX);
      const [row] = await database.all("SELECT salt, hash FROM person WHERE name = ?", [name]);
      // The same work for an unknown name, so that the time tells nothing.
      const hash = await inTurn(() => hashPassword(password, String(row?.salt ?? "none")));
      const stored = Buffer.from(String(row?.hash ?? "").padEnd(HASH_BYTES * 2, "0"), "hex");
      if (!row || row.hash === "" || !timingSafeEqual(hash, stored)) {
        throw new CuecastError("Cannot sign in: the name or the password is wrong", {
          code: "wrong-password",
          status: 401,
        });
      }
      tries.delete(who);
      const counted = tries.get(from);
      if (counted) counted.count--;
      return openSession(name, address);
    },
    async signOut(secret: string): Promise<void> {
      await database.batch([{ sql: "DELETE FROM session WHERE hash = ?", args: [sha256(secret)] }]);
    },
    async signOutEverywhere(name: string): Promise<void> {
      await database.batch([{ sql: "DELETE FROM session WHERE person = ?", args: [name] }]);
    },
    async bySession(secret: string): Promise<Asker | undefined> {
      const [row] = await database.all(
        `SELECT person.name, person.role FROM session JOIN person ON person.name = session.person
         WHERE session.hash = ? AND session.expires_at_ms > ?`,
        [sha256(secret), clock.wallMs()],
      );
      return row && { kind: "person", name: String(row.name), role: row.role as Role };
    },
  };
}
export type People = ReturnType<typeof createPeople>;
