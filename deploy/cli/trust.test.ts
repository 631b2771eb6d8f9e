import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority } from "../../shared/testing/certificates.ts";
import { trustEnvironment, trustFor } from "./trust.mjs";

test("trustEnvironment() names the file to both runtimes, and refuses one without a certificate", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-trust-"));
  try {
    const path = join(folder, "ca.pem");
    await writeFile(path, createAuthority().cert);
    const expected = { DENO_CERT: path, NODE_EXTRA_CA_CERTS: path, CUECAST_CA: path };
    assert.deepEqual(trustEnvironment([], {}, folder), {});
    assert.deepEqual(trustEnvironment(["--ca", "ca.pem"], {}, folder), expected);
    assert.deepEqual(trustEnvironment([], { CUECAST_CA: path }, "/"), expected);
    assert.throws(() => trustEnvironment(["--ca", "none.pem"], {}, folder), /none\.pem/);
    await writeFile(path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert.throws(() => trustEnvironment(["--ca", path], {}, folder), /cannot be read/);
    await writeFile(path, "nothing");
    assert.throws(() => trustEnvironment(["--ca", path], {}, folder), /no certificate/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("trustFor() lets the doctor trust whom its edge was started to trust, and nobody else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-trust-"));
  try {
    const path = join(folder, "ca.pem");
    await writeFile(
      join(folder, "started.json"),
      JSON.stringify({ adminUrl: "http://[::1]:1", caFile: path }),
    );
    const args = ["--data", folder];
    // Gone: the doctor tells it.
    assert.deepEqual(trustFor("doctor", args, {}, "/"), {});
    await writeFile(path, createAuthority().cert);
    assert.equal(trustFor("doctor", args, {}, "/").CUECAST_CA, path);
    assert.equal(trustFor("doctor", [], { CUECAST_DATA: folder }, "/").CUECAST_CA, path);
    assert.deepEqual(trustFor("edge", args, {}, "/"), {});
    assert.throws(() => trustFor("doctor", [...args, "--ca", "none.pem"], {}, folder), /none\.pem/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
