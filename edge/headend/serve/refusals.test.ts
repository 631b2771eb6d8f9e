import assert from "node:assert/strict";
import { test } from "node:test";
import { answersSample } from "../../../shared/protocol/answers.ts";
import { answersBody, post, problemOf, SCHEDULE, start } from "./_edge-app.ts";

const bad: [what: string, path: string, init: RequestInit, status: number, code: string][] = [
  ["an unknown channel", "/v1/channels/none/schedule", {}, 404, "unknown-channel"],
  ["a channel of another region", "/v1/channels/elsewhere/schedule", {}, 404, "unknown-channel"],
  ["an encoded channel", "/v1/channels/no%2Fne/schedule", {}, 404, "unknown-channel"],
  ["an unknown interaction", "/v1/interactions/none", {}, 404, "unknown-interaction"],
  ["an unknown version", "/v1/interactions/int-42?version=9", {}, 404, "unknown-interaction"],
  ["a version that is no number", "/v1/interactions/int-42?version=x", {}, 400, "malformed-version"],
  ["two versions", "/v1/interactions/int-42?version=1&version=2", {}, 400, "malformed-version"],
  ["version 0", "/v1/interactions/int-42?version=0", {}, 400, "malformed-version"],
  ["an embargoed interaction", "/v1/interactions/quiz-1?version=1", {}, 425, "embargo"],
  ["an unknown image", `/v1/images/${"0".repeat(64)}`, {}, 404, "unknown-image"],
  ["results of an unknown cue", "/v1/cues/none:once/results", {}, 404, "no-results"],
  ["a foreign address", "/nothing", {}, 404, "unknown-path"],
  ["a missing file", "/tv/none.js", {}, 404, "unknown-file"],
  ["a way out of the site", "/box/..%2f..%2fpackage.json", {}, 404, "unknown-file"],
  ["a post to the schedule", SCHEDULE, { method: "POST", body: "{}" }, 405, "method-not-allowed"],
  ["a delete", "/v1/channels", { method: "DELETE" }, 405, "method-not-allowed"],
  ["a get of answers", "/v1/answers", {}, 405, "method-not-allowed"],
  [
    "no media type",
    "/v1/answers",
    { method: "POST", body: new TextEncoder().encode("{}") },
    415,
    "wrong-media-type",
  ],
  [
    "another media type",
    "/v1/answers",
    post(answersBody(), { "content-type": "text/plain" }),
    415,
    "wrong-media-type",
  ],
  [
    "an encoded body",
    "/v1/answers",
    post(answersBody(), { "content-encoding": "gzip" }),
    415,
    "wrong-media-type",
  ],
  ["no JSON", "/v1/answers", post("{"), 400, "malformed-body"],
  ["an empty body", "/v1/answers", post(""), 400, "malformed-body"],
  ["bytes that are no UTF-8", "/v1/answers", post(new Uint8Array([0x7b, 0xff, 0x7d])), 400, "malformed-body"],
  ["JSON that is no object", "/v1/answers", post("[]"), 400, "malformed-body"],
  ["no answers", "/v1/answers", post(answersBody({ answers: [] })), 400, "malformed-body"],
  [
    "101 answers",
    "/v1/answers",
    post(answersBody({ answers: new Array(101).fill(answersSample.answers[0]) })),
    400,
    "malformed-body",
  ],
  ["a bad box", "/v1/answers", post(answersBody({ box: "a b" })), 400, "malformed-body"],
  ["a long box", "/v1/answers", post(answersBody({ box: "b".repeat(65) })), 400, "malformed-body"],
  ["65,537 bytes", "/v1/answers", post(`"${"x".repeat(65_535)}"`), 413, "body-too-large"],
  ["airings that are answers", "/v1/airings", post(answersBody()), 400, "malformed-body"],
];

for (const [what, path, init, status, code] of bad) {
  test(`${init.method ?? "GET"} ${path.slice(0, 60)} with ${what} is ${status} ${code}`, async () => {
    const { ask, taken, logged } = start();
    const reply = await ask(path, init);
    assert.equal(reply.status, status);
    assert.equal((await problemOf(reply)).type, `/problems/${code}`);
    assert.deepEqual(taken, []);
    assert.deepEqual(logged, []);
  });
}

test("405 names what is allowed", async () => {
  const { ask } = start();
  assert.equal((await ask(SCHEDULE, { method: "PUT" })).headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.equal((await ask("/v1/answers")).headers.get("allow"), "POST, OPTIONS");
});
