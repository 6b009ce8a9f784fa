import type { DuckDBConnection } from "@duckdb/node-api";
import { csvScan, explained, literalPath, numberOf, parquetScan, type Scan, type ScanColumn, textOf } from "./scan.ts";
import type { Source } from "./source.ts";

/** One open file. Columns are asked for by their position in `header`. */
export interface OpenFile {
  readonly header: readonly string[];
  /** All rows of some columns in one pass over the file. */
  read(wanted: { numbers?: readonly number[]; texts?: readonly number[] }): Promise<ReadColumns>;
}

/** Columns in the order asked for, rows in file order. */
export interface ReadColumns {
  /** NaN where the file has none: nothing, or what is not a number. */
  readonly numbers: Float64Array[];
  /** null where the file has nothing. */
  readonly texts: (string | null)[][];
}

/**
 * Opens `source` in an engine of its own that can reach this one file and nothing else, runs `use`, and closes it.
 * Throws `data/unreadable` where the file is not what its extension says.
 */
export async function withOpenFile<T>(source: Source, use: (file: OpenFile) => Promise<T>): Promise<T> {
  // Loaded when the first file is read: most processes read none.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    // Nothing is fetched: an extension that is not built in stays out.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    await confine(connection, source);
    return await use(await openFile(connection, source));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** From here on the engine opens only this file, and no statement can change that. */
export async function confine(connection: DuckDBConnection, source: Source): Promise<void> {
  await connection.run("SET allowed_paths = [$1, $2]", [source.file, literalPath(source.file)]);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}

async function openFile(connection: DuckDBConnection, source: Source): Promise<OpenFile> {
  const path = literalPath(source.file);
  const scan = source.format === "csv" ? csvScan(source) : await parquetScan(connection, source, path);
  return {
    header: scan.header,
    read: async ({ numbers = [], texts = [] }) => {
      const column = (position: number) => scan.columns[position] as ScanColumn;
      const expressions = [...numbers.map((p) => numberOf(column(p))), ...texts.map((p) => textOf(column(p)))];
      const chunks = await chunksOf(connection, source, scan, expressions, path);
      return {
        numbers: numbers.map((_, i) => joinNumbers(chunks, i)),
        texts: texts.map((_, i) => joinTexts(chunks, numbers.length + i)),
      };
    },
  };
}

type Chunk = Awaited<ReturnType<Awaited<ReturnType<DuckDBConnection["run"]>>["fetchAllChunks"]>>[number];

async function chunksOf(
  connection: DuckDBConnection,
  source: Source,
  scan: Scan,
  expressions: string[],
  path: string,
): Promise<Chunk[]> {
  try {
    const result = await connection.run(`SELECT ${expressions.join(", ")} FROM ${scan.from}`, [path]);
    return await result.fetchAllChunks();
  } catch (cause) {
    throw explained(source, cause);
  }
}

/** Column chunks, not row objects, which take six times as long (scripts/bench/data.ts). */
function joinNumbers(chunks: readonly Chunk[], column: number): Float64Array {
  const out = new Float64Array(chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0));
  let offset = 0;
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(column);
    const rows = vector.itemCount;
    for (let i = 0; i < rows; i++) out[offset + i] = vector.getItem(i) as number;
    offset += rows;
  }
  return out;
}

function joinTexts(chunks: readonly Chunk[], column: number): (string | null)[] {
  const out: (string | null)[] = [];
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(column);
    const rows = vector.itemCount;
    for (let i = 0; i < rows; i++) {
      const value = vector.getItem(i);
      out.push(value === null ? null : String(value));
    }
  }
  return out;
}
