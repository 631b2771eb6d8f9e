/** Malformed input at every door: a clear error, nothing lost, the process alive. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { PROBLEM_MEDIA_TYPE } from "../../shared/protocol/problem.ts";
import { textUpload } from "../cli/upload.ts";
import { fill, guideFrom, place, placeNow } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig, status, until } from "./rig.ts";

let rig: Rig;
let edge: EdgeRig;
before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north", ["--box-tokens", "required"]);
  await placeNow(rig, "now");
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

async function assertProblem(reply: Response, status: number, words: RegExp) {
  const text = await reply.text();
  assert.equal(reply.status, status, text);
  assert.equal(reply.headers.get("content-type")?.split(";")[0], PROBLEM_MEDIA_TYPE);
  const problem = JSON.parse(text);
  assert.equal(problem.status, status);
  assert.match(JSON.stringify(problem), words);
  assert.doesNotMatch(text, /\.ts:\d+|node_modules|at async/);
}

const programmesOf = async () => {
  const query = new URLSearchParams({
    channel: "one",
    fromMs: "0",
    untilMs: String(Date.now() + 86_400_000),
  });
  return await rig.api.get(`/api/v1/programmes?${query}`);
};

const guides: [what: string, guide: () => string | Uint8Array<ArrayBuffer>, words: RegExp][] = [
  ["cut off in the middle", () => guideFrom(Date.now()).slice(0, 700), /line|cut|end/i],
  ["without its last few characters", () => guideFrom(Date.now()).slice(0, -4), /line|cut|end/i],
  [
    "compressed and cut off",
    () => new Uint8Array(gzipSync(guideFrom(Date.now())).subarray(0, -20)),
    /gzip|cut|end/i,
  ],
  ["of another kind", () => "<rss><channel/></rss>", /rss/],
  ["that is a web page", () => "<!doctype html><html><body>Not found</body></html>", /html|guide/i],
  ["that is empty", () => "", /empty|guide/i],
];
for (const [what, guide, words] of guides) {
  test(`a guide ${what} is refused whole`, async () => {
    const before = await programmesOf();
    await assert.rejects(
      rig.api.upload("/api/v1/guide", textUpload(guide())),
      (error: { status: number; message: string }) =>
        error.status >= 400 && error.status < 500 && words.test(error.message),
    );
    assert.deepEqual(await programmesOf(), before);
  });
}

test("a guide whose sender breaks off in the middle is taken not at all", async () => {
  const token = (await readFile(join(rig.dir, "central/token"), "utf8")).trim();
  const before = await programmesOf();
  const sending = httpRequest(`${rig.centralUrl}/api/v1/guide`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/xml" },
  });
  sending.on("error", () => {});
  sending.write(guideFrom(Date.now() + 60_000).slice(0, -20));
  await new Promise((resolve) => setTimeout(resolve, 300));
  sending.destroy();
  // Imports go one after the other: the next one's refusal says that this one has ended.
  await assert.rejects(rig.api.upload("/api/v1/guide", textUpload("")));
  assert.deepEqual(await programmesOf(), before);
});

test("central answers what is malformed with a problem that names the place", async () => {
  const token = (await readFile(join(rig.dir, "central/token"), "utf8")).trim();
  const call = (path: string, init: RequestInit & { auth?: string }) =>
    fetch(`${rig.centralUrl}${path}`, {
      ...init,
      headers: {
        authorization: init.auth ?? `Bearer ${token}`,
        "content-type": "application/json",
        ...init.headers,
      },
    });
  await assertProblem(await call("/api/v1/placements", { auth: "Bearer wrong" }), 401, /token|sign/i);
  await assertProblem(await fetch(`${rig.centralUrl}/api/v1/placements`), 401, /sign|token/i);
  await assertProblem(await call("/api/v1/interactions", { method: "POST", body: "{" }), 400, /JSON/);
  const wrong = { interaction: { id: "x", type: "poll", texts: {} } };
  await assertProblem(
    await call("/api/v1/interactions", { method: "POST", body: JSON.stringify(wrong) }),
    400,
    /durationMs|errors/,
  );
  await assertProblem(await call("/api/v1/nothing-here", {}), 404, /nothing-here/);
  const code = { code: "wrong-code-000", software: "test" };
  await assertProblem(
    await call("/uplink/v1/enrol", { method: "POST", body: JSON.stringify(code) }),
    403,
    /code/,
  );
  await assertProblem(await call("/uplink/v1/renew", { method: "POST", auth: "Bearer no" }), 401, /token/);
});

test("an edge answers what is malformed with a problem, and takes a good answer after it", async () => {
  const { token } = (await rig.api.send("POST", "/api/v1/box-tokens", { box: "box-1" })) as { token: string };
  const answers = [
    {
      key: randomUUID(),
      cue: "now:once",
      interaction: "poll",
      version: 1,
      options: ["a"],
      answeredAtMs: Date.now(),
    },
  ];
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${edge.url}/v1/answers`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
    });
  await assertProblem(await post("{"), 400, /JSON/);
  await assertProblem(
    await post(JSON.stringify({ box: "box-1", answers: [{ key: "x" }] })),
    400,
    /answers\.0\.key/,
  );
  await assertProblem(await post("x", { "content-type": "text/plain" }), 415, /application\/json/);
  await assertProblem(
    await post(JSON.stringify({ box: "box-1", answers, filler: "x".repeat(70_000) })),
    413,
    /65,?536|64/,
  );
  const good = JSON.stringify({ box: "box-1", answers });
  await assertProblem(await post(good, { authorization: "" }), 401, /token/i);
  await assertProblem(await post(good, { authorization: "Bearer a.b.c" }), 401, /token/i);
  await assertProblem(await post(JSON.stringify({ box: "box-2", answers })), 403, /box/);
  await assertProblem(await fetch(`${edge.url}/v1/channels/none/schedule`), 404, /none/);
  await assertProblem(await fetch(`${edge.url}/v1/answers`), 405, /POST/);
  assert.equal((await post(good)).status, 200);
});

test("a command with a bad flag says which, and ends with code 2", async () => {
  const { startPart } = await import("../local/part.ts");
  const lines: string[] = [];
  const part = startPart({
    name: "edge",
    words: ["edge", "--data", join(rig.dir, "bad"), "--port", "eighty"],
    runtime: "node",
    onLine: (line) => lines.push(line),
  });
  assert.equal((await part.exited).code, 2);
  assert.match(lines.join("\n"), /--port eighty/);
});

test("an edge with a code that central refuses says so, and ends with code 3", async () => {
  const { startPart } = await import("../local/part.ts");
  for (const [code, words] of [
    ["wrong-code-000", /^Cannot enrol at central http:\S+: it refused(?: the code)?: [^\n]+$/],
    [
      "bad",
      /^Cannot enrol at central http:\S+: the code has 3 characters, [^\n]+ make one there \(cuecast enrol\)$/,
    ],
  ] as const) {
    const lines: string[] = [];
    const part = startPart({
      name: "edge",
      words: [
        ...["edge", "--data", join(rig.dir, "refused"), "--port", "0", "--admin-port", "0"],
        ...["--central", rig.centralUrl, "--enrol", code],
      ],
      runtime: "deno",
      onLine: (line) => lines.push(line),
    });
    assert.equal((await part.exited).code, 3);
    assert.match(lines.join("\n"), words);
  }
});

test("an edge whose newest copy and replica are damaged serves the copy before, and heals by itself", async () => {
  const when = { kind: "instant", atMs: Date.now() + 3_600_000 } as const;
  await place(rig, "later", { when });
  const position = await rig.publish();
  await landed(edge, position);
  await edge.part.stop();
  const folder = join(edge.dataDir, "publications");
  const names = (await readdir(folder)).filter((name) =>
    name.startsWith(`${position.epoch}-${position.revision}-`),
  );
  // The database, and its packed form.
  assert.equal(names.length, 2);
  for (const name of names) await truncate(join(folder, name), 5000);
  const replica = join(edge.dataDir, "replica");
  for (const name of await readdir(replica)) await writeFile(join(replica, name), "damaged");
  await edge.start();
  await until("the edge to be ready", async () => (await fetch(`${edge.url}/readyz`)).status === 200);
  await landed(edge, position, 60_000);
});

test("an edge whose identity and publications are deleted while it runs writes them again, says so, and starts from them", async () => {
  const copies = join(edge.dataDir, "publications");
  const identities = ["identity.json", "identity.kept.json"].map((name) => join(edge.dataDir, name));
  const [whole, before] = [await readFile(identities[0] ?? "", "utf8"), (await readdir(copies)).sort()];
  await Promise.all([
    rm(copies, { recursive: true }),
    ...identities.map((path) => writeFile(path, "garbage")),
  ]);
  const words = [
    /^identity\.json and its copy: neither held$/,
    /\.db: it was deleted or replaced while in use; it was written again$/,
  ];
  await until("both to be told as written again", async () => {
    const { troubles } = (await status(edge)) as { troubles: { code: string; what: string }[] };
    return words.every((word) =>
      troubles.some(({ code, what }) => code === "copy-damaged" && word.test(what)),
    );
  });
  for (const path of identities) assert.equal(await readFile(path, "utf8"), whole);
  const newest = before.filter((name) => name.endsWith(".db")).at(-1) ?? "";
  assert.deepEqual(
    (await readdir(copies)).filter((name) => name.endsWith(".db")),
    [newest],
  );
  await rig.lines.central.set("refuse");
  await edge.part.stop();
  await edge.start();
  await until("the edge to be ready", async () => (await fetch(`${edge.url}/readyz`)).status === 200);
  await rig.lines.central.set("pass");
});
