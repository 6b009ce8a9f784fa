import type { Logger } from "pino";
import type { Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { commitDataset } from "../../data/commitment.ts";
import { readTable } from "../../data/connector.ts";
import { type DatasetSchema, featuresOf, readSchema } from "../../data/schema.ts";
import type { Table } from "../../data/table.ts";
import { inHome, type NodeConfig } from "../../party/config.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { LocalRows } from "../../protocol/newtonJob.ts";

interface Dataset {
  readonly table: Table;
  readonly schema: DatasetSchema;
  readonly root: Hex;
}

/** This institution's own rows, read once and checked against the root that its listing commits to. */
export class Datasets {
  readonly #config: NodeConfig;
  readonly #salt: Uint8Array;
  readonly #loaded = new Map<string, Promise<Dataset>>();

  constructor(config: NodeConfig, salt: Uint8Array) {
    this.#config = config;
    this.#salt = salt;
  }

  /** Reads every configured data set now, so that what is wrong with one is in the log before the first job asks for it. */
  async prepare(log: Logger): Promise<void> {
    for (const { assetId } of this.#config.assets) {
      try {
        const { table, root } = await this.#dataset(assetId);
        log.info({ assetId, rows: table.rows, root }, "data set read");
      } catch (error) {
        const { code, remedy } = error instanceof FarshoreError ? error : { code: "unexpected", remedy: undefined };
        log.warn(
          { assetId, code, remedy, error: String(error) },
          "a data set cannot be read: its jobs will be declined",
        );
      }
    }
  }

  /** Rows of one asset in the order of the specification's features; refuses data that is not what was listed. */
  async rows(spec: JobSpec, assetId: string, datasetRoot: Hex): Promise<LocalRows> {
    const { table, schema, root } = await this.#dataset(assetId);
    if (root !== datasetRoot) {
      throw new FarshoreError({
        code: "data/changed",
        message: `the rows of asset ${assetId} are not those that its listing commits to`,
        facts: { assetId, had: root, needed: datasetRoot },
        remedy: "put the listed file back, or revoke the asset and list the new file as another one",
      });
    }
    const columns = spec.features.map((feature) => columnOf(schema, table, feature, assetId));
    return { columns, labels: table.labels };
  }

  /** Throws when the asset's schema has not the columns and declared ranges that a specification names. */
  async compatible(spec: JobSpec, assetId: string): Promise<void> {
    const { table, schema } = await this.#dataset(assetId);
    for (const feature of spec.features) columnOf(schema, table, feature, assetId);
  }

  /** Number of rows that this node holds of an asset. */
  async rowsOf(assetId: string): Promise<number> {
    return (await this.#dataset(assetId)).table.rows;
  }

  #dataset(assetId: string): Promise<Dataset> {
    const known = this.#loaded.get(assetId) ?? this.#load(assetId);
    this.#loaded.set(assetId, known);
    known.catch(() => this.#loaded.delete(assetId));
    return known;
  }

  async #load(assetId: string): Promise<Dataset> {
    const listing = this.#config.assets.find((a) => a.assetId === assetId);
    if (listing === undefined) {
      throw new FarshoreError({
        code: "data/not-configured",
        message: `asset ${assetId} is not in farshore.json`,
        facts: { assetId },
      });
    }
    const schema = readSchema(inHome(this.#config, listing.schema));
    const table = await readTable(inHome(this.#config, listing.data), schema);
    return { table, schema, root: commitDataset(table, schema, this.#salt).root };
  }
}

function columnOf(
  schema: DatasetSchema,
  table: Table,
  feature: JobSpec["features"][number],
  assetId: string,
): Float64Array {
  const index = featuresOf(schema).findIndex((column) => column.name === feature.name);
  const column = featuresOf(schema)[index];
  if (column === undefined || column.min !== feature.min || column.max !== feature.max) {
    throw new FarshoreError({
      code: "job/feature-mismatch",
      message: `feature ${feature.name} is not a column of asset ${assetId} with the same declared range`,
      facts: { feature: feature.name, min: feature.min, max: feature.max, assetId },
      remedy: "decline the job, or agree on a schema with the buyer",
      party: "buyer",
    });
  }
  return table.columns[index] as Float64Array;
}
