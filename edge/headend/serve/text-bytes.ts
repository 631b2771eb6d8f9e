/** Texts to bytes. What they are encoded in is used again: a body of 100 KB is copied out once, at its own size. */

/** The UTF-8 of texts behind one another. */
export type TextBytes = (texts: readonly string[]) => Uint8Array<ArrayBuffer>;

/** Bytes that a UTF-16 code unit can take. */
const BYTES_PER_UNIT = 3;

export function createTextBytes(): TextBytes {
  const encoder = new TextEncoder();
  let room = new Uint8Array(0);
  return (texts) => {
    const most = BYTES_PER_UNIT * texts.reduce((sum, { length }) => sum + length, 0);
    if (room.length < most) room = new Uint8Array(most);
    let at = 0;
    for (const text of texts) at += encoder.encodeInto(text, room.subarray(at)).written;
    return room.slice(0, at);
  };
}
