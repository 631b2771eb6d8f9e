/**
 * A planted fault: an HTTP server over the real outbox whose answer log is written without a sync.
 * `durability.test.ts` must see it fail. Takes the path of a database; prints its port.
 */
import { appendFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createOutbox } from "../../edge/headend/outbox/outbox.ts";
import { OUTBOX_MIGRATIONS } from "../../edge/headend/outbox/outbox-tables.ts";
import { createLogFolder } from "../../edge/headend/platform/log-files.ts";
import { silentLog } from "../../shared/log.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { openDatabase } from "../../shared/runtime/database.ts";
import { onShutdown } from "../../shared/runtime/process.ts";
import { serve } from "../../shared/runtime/serve.ts";

const database = await openDatabase(process.argv[2] ?? "", OUTBOX_MIGRATIONS);
const path = join(dirname(process.argv[2] ?? ""), "answers");
const folder = createLogFolder(path);
const outbox = await createOutbox({
  database,
  folder: {
    ...folder,
    open: async (name) => ({
      ...(await folder.open(name)),
      write: (bytes) => appendFile(join(path, name), bytes),
    }),
  },
  clock: systemClock,
  timers: systemTimers,
  log: silentLog,
  newId: () => crypto.randomUUID(),
});
const known = { cue: () => undefined, interaction: () => undefined };
const server = await serve(
  async (request) => Response.json({ receipts: await outbox.append(await request.json(), known) }),
  { hostname: "127.0.0.1", port: 0 },
);
onShutdown(() => server.close());
process.stdout.write(`{"event":"ready","port":${server.port}}\n`);
