/**
 * Makes a libSQL server of its own durable, as central makes its child: every commit is synced before it counts, and a
 * large publication has the time it needs. The server's default is neither. Run after each start; it asks for up to
 * 15 s, and exits with 1 where the server does not take the setting.
 *
 * LIBSQL_ADMIN_AUTH_KEY is the server's admin key; the first word is its admin address.
 */
const [address = "http://127.0.0.1:8084"] = process.argv.slice(2);
const TRIES_MAX = 30;
const PAUSE_MS = 500;
/** As central's own: shared with nothing, since this file runs where only Node is. */
const WANTED = { durability_mode: "strong", txn_timeout_s: 60 };

const url = `${address}/v1/namespaces/default/config`;
const headers = {
  "content-type": "application/json",
  authorization: `basic ${process.env.LIBSQL_ADMIN_AUTH_KEY ?? ""}`,
};

async function makeDurable() {
  const ask = (init = {}) => fetch(url, { headers, signal: AbortSignal.timeout(PAUSE_MS * 4), ...init });
  const now = await ask();
  if (!now.ok) throw new Error(`status ${now.status}; is LIBSQL_ADMIN_AUTH_KEY the server's?`);
  // It takes the whole configuration or none.
  const reply = await ask({ method: "POST", body: JSON.stringify({ ...(await now.json()), ...WANTED }) });
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  const { durability_mode: mode } = await (await ask()).json();
  if (mode !== WANTED.durability_mode) throw new Error(`durability is ${mode}`);
}

let why = "";
for (let tries = 0; tries < TRIES_MAX; tries++) {
  try {
    await makeDurable();
    process.exit(0);
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
process.stderr.write(`Cannot make the libSQL server at ${address} durable: ${why}\n`);
process.exit(1);
