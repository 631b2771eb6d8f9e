/** A picture as an old engine drew it: PPM (P6), read without a library, and counts of its pixels. */

export type Colour = readonly [red: number, green: number, blue: number];

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Picture {
  width: number;
  height: number;
  at(x: number, y: number): Colour;
  /** Which part of an area's pixels are so, 0 to 1; 0 for an empty area. */
  part(area: Area, isSo: (colour: Colour) => boolean): number;
}

/** @throws when it is no PPM of 8 bits a colour */
export function readPicture(bytes: Uint8Array): Picture {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(new TextDecoder("latin1").decode(bytes.subarray(0, 64)));
  if (!head) throw new Error("Cannot read the picture: it is no PPM of 8 bits a colour");
  const [width, height] = [Number(head[1]), Number(head[2])];
  const pixels = bytes.subarray(head[0].length);
  if (pixels.length < width * height * 3) throw new Error("Cannot read the picture: it is cut short");
  const at = (x: number, y: number): Colour => {
    const place = (y * width + x) * 3;
    return [pixels[place] as number, pixels[place + 1] as number, pixels[place + 2] as number];
  };
  return {
    width,
    height,
    at,
    part({ left, top, right, bottom }, isSo) {
      let all = 0;
      let so = 0;
      for (let y = Math.max(0, Math.ceil(top)); y < Math.min(height, Math.floor(bottom)); y++) {
        for (let x = Math.max(0, Math.ceil(left)); x < Math.min(width, Math.floor(right)); x++) {
          all++;
          if (isSo(at(x, y))) so++;
        }
      }
      return all === 0 ? 0 : so / all;
    },
  };
}

/** Whether two colours are alike: no part differs by more than `most`. */
export function isLike(one: Colour, other: Colour, most: number): boolean {
  return one.every((part, at) => Math.abs(part - (other[at] as number)) <= most);
}
