import assert from "node:assert/strict";
import { test } from "node:test";
import { createClientAddress } from "./client-address.ts";

const TRUSTED = "127.0.0.1, 10.0.0.0/8,::1,2001:db8::/32";
const CASES: [peer: string, forwarded: string | null, told: string, why: string][] = [
  ["127.0.0.1", "192.0.2.7", "192.0.2.7", "whom a trusted proxy names"],
  ["::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7", "a proxy on a socket of both families"],
  ["127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7", "not what a client wrote itself"],
  ["127.0.0.1", "198.51.100.1, 192.0.2.7, 10.1.2.3", "192.0.2.7", "behind two trusted proxies"],
  ["192.0.2.9", "198.51.100.1", "192.0.2.9", "not what somebody else than a proxy says"],
  ["127.0.0.1", null, "127.0.0.1", "who is connected, without the header"],
  ["127.0.0.1", "", "127.0.0.1", "who is connected, with an empty header"],
  ["127.0.0.1", "10.9.9.9", "10.9.9.9", "the left-most where all are trusted"],
  ["127.0.0.1", "192.0.2.7, <script>", "127.0.0.1", "nothing that is no address"],
  ["127.0.0.1", "192.0.2.7, 10.1.2.3, x", "127.0.0.1", "nothing left of what is no address"],
  ["127.0.0.1", "192.0.2.7:5123", "192.0.2.7", "an address before its port"],
  ["::1", "[2001:db9::7]:5123", "2001:db9::7", "an IPv6 address before its port"],
  ["2001:db8::5", "2001:db9::7", "2001:db9::7", "behind an IPv6 range"],
  ["", "192.0.2.7", "", "nobody who is not known"],
];
for (const [peer, forwarded, told, why] of CASES) {
  test(`createClientAddress() tells ${why}`, () => {
    assert.equal(createClientAddress(TRUSTED)(peer, forwarded), told);
  });
}

test("createClientAddress() believes nobody unless told whom", () => {
  assert.equal(createClientAddress("")("127.0.0.1", "192.0.2.7"), "127.0.0.1");
});

test("createClientAddress() looks at the last sixteen hops alone", () => {
  const many = Array.from({ length: 10_000 }, () => "10.0.0.1").join(",");
  assert.equal(createClientAddress(TRUSTED)("127.0.0.1", `192.0.2.7,${many}`), "10.0.0.1");
});

for (const wrong of ["proxy.example", "10.0.0.0/33", "10.0.0.0/8/8", "::1/129", "10.0.0.0/-1", "10.0.0.0/"]) {
  test(`createClientAddress() refuses ${wrong}`, () => {
    assert.throws(() => createClientAddress(`127.0.0.1,${wrong}`), {
      code: "usage",
      message: `Cannot take --trusted-proxies ${wrong}: it must be an address or a range like 192.0.2.0/24`,
    });
  });
}
