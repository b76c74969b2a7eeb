import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { crc32 } from "node:zlib";

// 1 January 1980, the zip format's first day: the same files give the same bytes.
const dosDate = 0x0021;
const utf8Names = 0x0800;

interface Entry {
  readonly name: Buffer;
  readonly content: Buffer;
  readonly checksum: number;
  readonly offset: number;
}

/**
 * Packs a folder into a zip that Python imports from, uncompressed, in the order of the names.
 *
 * In: the folder, the name that its files get as their first part. Compiled Python files are left out.
 * Out: the zip's bytes (format: APPNOTE of the zip specification, sections 4.3.7, 4.3.12 and 4.3.16).
 */
export function zipFolder(folder: string, prefix: string): Buffer {
  const parts: Buffer[] = [];
  const entries: Entry[] = [];
  let offset = 0;
  for (const file of listFiles(folder)) {
    const content = readFileSync(file);
    const name = Buffer.from(`${prefix}/${relative(folder, file).split(sep).join("/")}`);
    const entry = { name, content, checksum: crc32(content), offset };
    const header = Buffer.concat([localHeader(entry), name]);
    parts.push(header, content);
    entries.push(entry);
    offset += header.length + content.length;
  }
  const directory = Buffer.concat(entries.flatMap((entry) => [directoryHeader(entry), entry.name]));
  return Buffer.concat([...parts, directory, directoryEnd(entries.length, directory.length, offset)]);
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function localHeader({ name, content, checksum }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommonFields(header, 4, name, content, checksum);
  return header;
}

function directoryHeader({ name, content, checksum, offset }: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  writeCommonFields(header, 6, name, content, checksum);
  header.writeUInt32LE(offset, 42);
  return header;
}

function writeCommonFields(
  header: Buffer,
  start: number,
  name: Buffer,
  content: Buffer,
  checksum: number,
): void {
  header.writeUInt16LE(20, start);
  header.writeUInt16LE(utf8Names, start + 2);
  header.writeUInt16LE(dosDate, start + 8);
  header.writeUInt32LE(checksum, start + 10);
  header.writeUInt32LE(content.length, start + 14);
  header.writeUInt32LE(content.length, start + 18);
  header.writeUInt16LE(name.length, start + 22);
}

function directoryEnd(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
