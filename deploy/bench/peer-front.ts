/**
 * The HTTP front of the answers' peers: this project's own server, body checks and shape of receipts before another
 * store. Takes `postgres`, `redis` or `libsql`, and where it is; prints its port.
 */
import { createClient as openLibsql } from "@libsql/client";
import postgres from "postgres";
import { createClient as openRedis } from "redis";
import { freshJson, textReply } from "../../edge/headend/serve/reply.ts";
import { askBody, parseBody } from "../../edge/headend/serve/request-body.ts";
import { type AnswersRequest, answersRequestSchema } from "../../shared/protocol/answers.ts";
import { readAnswers } from "../../shared/protocol/read-answers.ts";
import type { HotReply, HotRequest } from "../../shared/runtime/hot.ts";
import { onShutdown } from "../../shared/runtime/process.ts";
import { serve } from "../../shared/runtime/serve.ts";

/** Which of the answers are new; on disk when it resolves. */
type Store = (request: AnswersRequest) => Promise<boolean[]>;

const CONNECTIONS = 32;
const TABLE = `CREATE TABLE IF NOT EXISTS answer (box TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (box, key))`;

async function onPostgres(url: string): Promise<Store> {
  const sql = postgres(url, { max: CONNECTIONS, onnotice() {} });
  await sql.unsafe(TABLE);
  return async ({ box, answers }) => {
    const keys = answers.map(({ key }) => key);
    const bodies = answers.map((answer) => JSON.stringify(answer));
    const rows = await sql`INSERT INTO answer SELECT ${box}, * FROM unnest(${keys}::text[], ${bodies}::text[])
      ON CONFLICT DO NOTHING RETURNING key`;
    const stored = new Set(rows.map((row) => row.key));
    return keys.map((key) => stored.has(key));
  };
}

/** One connection: what is asked in one turn goes in one write, and its replies wait for one sync. */
async function onRedis(url: string): Promise<Store> {
  const client = openRedis({ url });
  await client.connect();
  return async ({ box, answers }) => {
    const replies = answers.map((answer) =>
      client.set(`${box}\n${answer.key}`, JSON.stringify(answer), { condition: "NX" }),
    );
    return (await Promise.all(replies)).map((reply) => reply === "OK");
  };
}

/** As one would begin: a statement for each request. */
async function onLibsql(url: string): Promise<Store> {
  const client = openLibsql({ url, concurrency: 1 });
  for (const sql of ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE]) await client.execute(sql);
  return async ({ box, answers }) => {
    const rows = answers.map((answer) => [box, answer.key, JSON.stringify(answer)]);
    const { rows: stored } = await client.execute({
      sql: `INSERT OR IGNORE INTO answer SELECT value->>0, value->>1, value->>2 FROM json_each(?) RETURNING key`,
      args: [JSON.stringify(rows)],
    });
    const keys = new Set(stored.map((row) => row.key));
    return answers.map(({ key }) => keys.has(key));
  };
}

const OPEN: Record<string, (url: string) => Promise<Store>> = {
  postgres: onPostgres,
  redis: onRedis,
  libsql: onLibsql,
};

const [kind = "", url = ""] = process.argv.slice(2);
const store = await OPEN[kind]?.(url);
if (!store) throw new Error(`Cannot store in ${kind}: there are ${Object.keys(OPEN).join(", ")}`);

async function take(request: HotRequest): Promise<HotReply> {
  const body = parseBody(await askBody(request), answersRequestSchema, readAnswers);
  const isNew = await (store as Store)(body);
  const receipts = body.answers.map(({ key }, at) => ({ key, status: isNew[at] ? "accepted" : "duplicate" }));
  return freshJson({ receipts });
}

const server = await serve(() => new Response(null, { status: 404 }), {
  hostname: "127.0.0.1",
  port: 0,
  hot(request) {
    if (request.method !== "POST") return undefined;
    return take(request).catch((error) => textReply(String(error), "text/plain", 500));
  },
});
onShutdown(() => server.close());
process.stdout.write(`${JSON.stringify({ event: "ready", port: server.port })}\n`);
