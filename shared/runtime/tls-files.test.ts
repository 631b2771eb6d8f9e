import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createAuthority } from "../testing/certificates.ts";
import { serve } from "./serve.ts";
import { loadTlsFiles } from "./tls-files.ts";

const authority = createAuthority();
const good = authority.issue();
const other = authority.issue();
let folder: string;
const at = (name: string) => join(folder, name);
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cuecast-tls-"));
  const files = { "good.pem": good.cert, "good.key": good.key, "other.key": other.key, text: "no PEM" };
  for (const [name, content] of Object.entries(files)) await writeFile(at(name), content);
});
after(() => rm(folder, { recursive: true, force: true }));

const cases: [what: string, cert: string | undefined, key: string | undefined, words: RegExp][] = [
  ["a certificate alone", "good.pem", undefined, /go together/],
  ["a key alone", undefined, "good.key", /go together/],
  ["a file that is missing", "none.pem", "good.key", /none\.pem: there is no such file/],
  ["a certificate that is none", "text", "good.key", /text: it holds no certificate/],
  ["a key that is none", "good.pem", "text", /text: it holds no private key/],
  ["another's key", "good.pem", "other.key", /other\.key: it is not the key of/],
];
for (const [what, cert, key, words] of cases) {
  test(`loadTlsFiles() refuses ${what}`, async () => {
    await assert.rejects(loadTlsFiles(cert && at(cert), key && at(key)), {
      code: "tls-files",
      message: words,
    });
  });
}

test("loadTlsFiles() gives nothing when nothing is named", async () => {
  assert.equal(await loadTlsFiles(undefined, undefined), undefined);
});

test("serve() speaks TLS with what loadTlsFiles() gives", async () => {
  const tls = await loadTlsFiles(at("good.pem"), at("good.key"));
  assert.ok((tls?.endsAtMs ?? 0) > Date.now() + 300 * 86_400_000);
  const server = await serve(() => new Response("over TLS"), { hostname: "127.0.0.1", port: 0, tls });
  const ask = (ca: string | undefined) =>
    new Promise<string>((resolve, reject) => {
      const request = get(
        { host: "127.0.0.1", port: server.port, agent: false, ...(ca && { ca }) },
        (reply) => {
          reply.setEncoding("utf8").on("data", resolve);
        },
      );
      request.on("error", reject);
    });
  try {
    assert.equal(await ask(authority.cert), "over TLS");
    await assert.rejects(ask(undefined), /certificate|issuer/i);
  } finally {
    await server.close();
  }
});
