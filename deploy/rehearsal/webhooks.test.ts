/** A real receiver: what was published reaches it signed, also when it was away, and when central restarts meanwhile. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { signatureHeaders } from "../../central/webhooks/sign.ts";
import { freePort } from "../../shared/runtime/ports.ts";
import { fill, place } from "./content.ts";
import { createRig, type Rig, until } from "./rig.ts";

interface Got {
  id: string;
  type: string;
  signed: boolean;
  data: Record<string, unknown>;
}

let rig: Rig;
before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
});
after(() => rig?.stop());

/** Takes events on a port until it is closed. */
async function receive(port: number, secret: () => string) {
  const got: Got[] = [];
  const server = createServer((request, reply) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const id = String(request.headers["webhook-id"]);
      const at = Number(request.headers["webhook-timestamp"]);
      const wanted = signatureHeaders(secret(), id, at, body)["webhook-signature"];
      const { type, data } = JSON.parse(body);
      got.push({ id, type, data, signed: request.headers["webhook-signature"] === wanted });
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    got,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

test("publications reach a webhook signed, and what happened while it was away comes after a restart of central", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hook`;
  const made = (await rig.api.send("POST", "/api/v1/webhooks", { url })) as {
    webhook: { id: string };
    secret: string;
  };
  const receiver = await receive(port, () => made.secret);
  const when = { kind: "instant", atMs: Date.now() + 3_600_000 } as const;
  await place(rig, "one", { when });
  await rig.publish();
  const first = await until("the publication", () => receiver.got[0]);
  assert.deepEqual([first.type, first.signed, first.data.revision], ["published", true, 1]);
  await receiver.close();

  await rig.api.send("POST", "/api/v1/withdraw", { placement: "one" });
  const path = `/api/v1/webhooks/${made.webhook.id}/deliveries`;
  const listed = async () =>
    (
      (await rig.api.get(path)) as {
        deliveries: { type: string; state: string; tries: number; why?: string }[];
      }
    ).deliveries;
  const failed = await until("a failed try", async () =>
    (await listed()).find(({ tries, state }) => tries > 0 && state === "waiting"),
  );
  assert.match(failed.why ?? "", /refused/);

  rig.central.crash();
  await rig.central.exited;
  const again = await receive(port, () => made.secret);
  await rig.startCentral();
  const late = await until("the withdrawal", () => again.got[0]);
  assert.deepEqual([late.type, late.signed, late.data.placements], ["withdrawn", true, ["one"]]);
  await until("the log to say so", async () => (await listed()).every(({ state }) => state === "delivered"));
  await again.close();
});
