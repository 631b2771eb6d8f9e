/** Bare ampersands are marked and come back; references stay. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { countMarkedAmpersands, createAmpersandMarker, unmarkAmpersands } from "./ampersands.ts";

const TEXT = "Tom & Jerry &amp; co &#38; &#x26; a=1&b=2 &; &longer-than-a-name; AT&T &eacute; 100%& end &";
/** Those that are no reference. */
const BARE = 7;

test("createAmpersandMarker() marks the same, wherever the text is cut", () => {
  const marker = createAmpersandMarker();
  const whole = marker.mark(TEXT) + marker.end();
  assert.equal(countMarkedAmpersands(whole), BARE);
  assert.equal(unmarkAmpersands(whole), TEXT);
  assert.deepEqual(whole.match(/&[^;]*;/g), ["&amp;", "&#38;", "&#x26;", "&eacute;"]);
  for (let at = 0; at <= TEXT.length; at++) {
    const cut = createAmpersandMarker();
    assert.equal(cut.mark(TEXT.slice(0, at)) + cut.mark(TEXT.slice(at)) + cut.end(), whole, `cut at ${at}`);
  }
  const slow = createAmpersandMarker();
  assert.equal([...TEXT].map((character) => slow.mark(character)).join("") + slow.end(), whole);
});
