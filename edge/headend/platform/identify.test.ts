import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { serve } from "../../../shared/runtime/serve.ts";
import { createAuthority } from "../../../shared/testing/certificates.ts";
import { identify } from "./identify.ts";
import { loadIdentity, saveIdentity } from "./identity-file.ts";

const reply = {
  ...{ edge: "e1", region: "north", uplinkToken: "u", publicationKey: "p", boxKey: "b" },
  air: { url: "http://127.0.0.1:8083", token: "t", expiresAtMs: 5 },
};

/** A folder, and a central that takes the code `good-code` alone. */
async function withCentral(run: (central: string, dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "cuecast-identify-"));
  const server = await serve(
    async (request) => {
      const { code } = (await request.json()) as { code: string };
      return code === "good-code"
        ? Response.json({ ...reply, edge: "e2", region: "south" })
        : new Response("{}", { status: 403 });
    },
    { hostname: "127.0.0.1", port: 0 },
  );
  try {
    await run(`http://127.0.0.1:${server.port}`, dataDir);
  } finally {
    await server.close(0);
    await rm(dataDir, { recursive: true, force: true });
  }
}

test("identify() enrols anew at the central that the identity names, where none other is", () =>
  withCentral(async (central, dataDir) => {
    await saveIdentity(join(dataDir, "identity.json"), { central, ...reply });
    const found = await identify({ dataDir, enrolCode: "good-code" }, "1", silentLog);
    assert.equal(found.identity.edge, "e2");
    assert.equal(found.codeRefused, undefined);
    const kept = await loadIdentity(join(dataDir, "identity.json"));
    assert.deepEqual([kept?.identity.edge, kept?.identity.central], ["e2", central]);
  }));

test("identify() goes on as who it was when the code is refused or central is away, and says why", () =>
  withCentral(async (central, dataDir) => {
    await saveIdentity(join(dataDir, "identity.json"), { central, ...reply });
    const refused = await identify({ dataDir, enrolCode: "bad-code" }, "1", silentLog);
    assert.equal(refused.identity.edge, "e1");
    assert.match(refused.codeRefused ?? "", /^Cannot enrol at central/);
    const centralUrl = "http://127.0.0.1:1";
    const away = await identify({ dataDir, enrolCode: "good-code", centralUrl }, "1", silentLog);
    assert.deepEqual([away.identity.edge, away.identity.central], ["e1", central]);
    assert.match(away.codeRefused ?? "", /^Cannot reach central/);
    assert.equal((await loadIdentity(join(dataDir, "identity.json")))?.identity.edge, "e1");
  }));

test("identify() says of what is no code where one is made, and asks nobody", () =>
  withCentral(async (_, dataDir) => {
    const centralUrl = "http://127.0.0.1:1";
    await assert.rejects(identify({ dataDir, enrolCode: "aaaa", centralUrl }, "1", silentLog), {
      code: "not-a-code",
      message: /the code has 4 characters, .* make one there \(cuecast enrol\)$/,
    });
  }));

test("identify() enrols with a code where no copy of the identity holds", () =>
  withCentral(async (central, dataDir) => {
    for (const name of ["identity.json", "identity.kept.json"]) await writeFile(join(dataDir, name), "{");
    await assert.rejects(identify({ dataDir }, "1", silentLog), { code: "bad-identity" });
    const found = await identify({ dataDir, enrolCode: "good-code", centralUrl: central }, "1", silentLog);
    assert.equal(found.identity.edge, "e2");
    assert.match(found.damage[0] ?? "", /it is not JSON/);
  }));

test("identify() without identity asks for a code", () =>
  withCentral(async (_, dataDir) => {
    await assert.rejects(identify({ dataDir, enrolCode: "good-code" }, "1", silentLog), {
      code: "not-enrolled",
    });
  }));

test("identify() says what to do where a central with TLS is not trusted, or is asked without TLS", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "cuecast-identify-"));
  const tls = createAuthority().issue();
  const server = await serve(() => new Response("{}"), { hostname: "127.0.0.1", port: 0, tls });
  try {
    const told = (scheme: string) => {
      const centralUrl = `${scheme}://127.0.0.1:${server.port}`;
      const asked = identify({ dataDir, enrolCode: "good-code", centralUrl }, "1", silentLog);
      return asked.then(
        () => "",
        (error) => `${error.code} ${error.message}`,
      );
    };
    assert.match(await told("https"), /^central-unreachable Cannot reach central.*Unknown issuer: give --ca/);
    // Node's client is only told that the other side has closed.
    if (!("Deno" in globalThis)) return;
    assert.match(
      await told("http"),
      /^central-unreachable Cannot reach central.*Use https:\/\/ in --central/,
    );
  } finally {
    await server.close(0);
    await rm(dataDir, { recursive: true, force: true });
  }
});
