import assert from "node:assert/strict";
import { test } from "node:test";
import { readWrk } from "./load.ts";

test("readWrk() reads counts, failures and latencies in their units", () => {
  const text = `Running 1s test
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     7.70ms   12.07ms 117.70ms   91.50%
  Latency Distribution
     50%  812.00us
     75%    1.10ms
     99%    1.25s
  12345 requests in 1.10s, 20.00MB read
  Socket errors: connect 1, read 2, write 0, timeout 3
  Non-2xx or 3xx responses: 7
Requests/sec:  11222.00`;
  assert.deepEqual(readWrk(text), {
    requests: 12345,
    refused: 7,
    seconds: 1.1,
    failures: 13,
    trouble: "Non-2xx or 3xx responses: 7; Socket errors: connect 1, read 2, write 0, timeout 3",
    p50Ms: 0.812,
    p99Ms: 1250,
  });
});

test("readWrk() reads a load of minutes", () => {
  const { requests, seconds } = readWrk("  90000 requests in 1.50m, 20.00MB read\n");
  assert.deepEqual({ requests, seconds }, { requests: 90_000, seconds: 90 });
});
