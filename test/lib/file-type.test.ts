import { expect, test } from "vitest";
import { binaryTypeName, imageMimeType } from "../../src/lib/file-type.ts";

test.each([
  ["89504e470d0a1a0a0000", "image/png", "PNG image"],
  ["ffd8ffe000104a464946", "image/jpeg", "JPEG image"],
  ["474946383961", "image/gif", "GIF image"],
  ["524946460000000057454250", "image/webp", "WebP image"],
  ["524946460000000057415645", null, "binary file"],
  ["504b0304", null, "ZIP archive"],
  ["", null, "binary file"],
])("%s is %s, in words: %s", (hex, mimeType, name) => {
  const bytes = Buffer.from(hex, "hex");
  expect(imageMimeType(bytes)).toBe(mimeType);
  expect(binaryTypeName(bytes)).toBe(name);
});
