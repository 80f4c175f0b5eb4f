// Writes a .br and a .gz beside every served file that becomes smaller by it, once, at the highest level.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const compressible = /\.(wasm|js|css|svg|json|txt|ttf|ico|webmanifest)$/;
const brotli = (data) =>
  promisify(brotliCompress)(data, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    },
  });

const folder = process.argv[2];
const names = await readdir(folder, { recursive: true });
await Promise.all(
  names
    .filter((name) => compressible.test(name))
    .map(async (name) => {
      const file = join(folder, name);
      const data = await readFile(file);
      const smaller = async (ending, made) => made.length < data.length && writeFile(file + ending, made);
      await Promise.all([
        brotli(data).then((made) => smaller(".br", made)),
        promisify(gzip)(data, { level: 9 }).then((made) => smaller(".gz", made)),
      ]);
    }),
);
