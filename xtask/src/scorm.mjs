// A SCORM 1.2 package of one lesson: the page in one file, a page that speaks with the platform, and the manifest.
//
//   node scorm.mjs FOLDER LESSON LANGUAGE OUT      a package where OUT ends with .zip, else a folder with what is in one
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { tmpdir } from "node:os";
import { single } from "./single.mjs";

const [folder, lesson, language, out] = process.argv.slice(2);
const root = join(import.meta.dirname, "../..");
const read = (path) => readFile(join(root, path), "utf8");

const titles = await read(`lessons/${language}.txt`);
const found = titles.match(new RegExp(`^lesson\\.${lesson} = (.*)$`, "m"));
if (!found) throw new Error(`There is no lesson ${lesson}. The lessons are in lessons/course.yaml.`);
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const title = escaped(found[1].trim());

const whole = join(tmpdir(), `statefulset-sandbox-${process.pid}.html`);
await single(folder, whole);
const files = {
  "index.html": (await read("static/scorm/index.html")).replaceAll("TITLE", title).replaceAll("LESSON", lesson).replaceAll("LANGUAGE", language),
  "scorm.js": await read("static/scorm/scorm.js"),
  "scorm.css": await read("static/scorm/scorm.css"),
  "embed.js": await read("static/embed.js"),
  "sandbox.html": await readFile(whole),
};
await rm(whole);
files["imsmanifest.xml"] = `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="statefulset-sandbox-${lesson}" version="1.0"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>${title}</title>
      <item identifier="lesson" identifierref="page"><title>${title}</title><adlcp:masteryscore>100</adlcp:masteryscore></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="index.html">
${Object.keys(files).map((name) => `      <file href="${name}"/>`).join("\n")}
    </resource>
  </resources>
</manifest>
`;

const table = Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit += 1) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte >>> 0;
});
const crc = (bytes) => ~bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), ~0) >>> 0;

/** A ZIP archive (APPNOTE 4.3): for each file a header and its bytes, then the directory, then its place. */
function zip(entries) {
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const [bytes, label] = [Buffer.from(content), Buffer.from(name)];
    const packed = deflateRawSync(bytes, { level: 9 });
    // Version, flags (names are UTF-8), deflate, and the first day that a ZIP knows, so that equal files make equal packages.
    const common = Buffer.alloc(26);
    [20, 0x0800, 8, 0, 0x21].forEach((value, index) => common.writeUInt16LE(value, index * 2));
    [crc(bytes), packed.length, bytes.length].forEach((value, index) => common.writeUInt32LE(value, 10 + index * 4));
    common.writeUInt16LE(label.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), common, label, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), common, rest, label);
    offset += 30 + label.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  const count = Object.keys(entries).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from("PK\x05\x06"), end]);
}

// The manifest comes first, where platforms look for it.
const { "imsmanifest.xml": manifest, ...others } = files;
const ordered = { "imsmanifest.xml": manifest, ...others };
if (out.endsWith(".zip")) {
  await writeFile(out, zip(ordered));
} else {
  await mkdir(out, { recursive: true });
  for (const [name, content] of Object.entries(ordered)) await writeFile(join(out, name), content);
}
console.log(`${out}: ${Object.keys(ordered).length} files`);
