import { existsSync } from "node:fs";
import { resolve } from "node:path";

export { defaultCreditSchema } from "../../../scripts/portfolio/defaultCredit.ts";

const shared = process.env.FARSHORE_DATA ?? resolve(import.meta.dirname, "../../../../shared/data");

/** Path of a file of the default-of-credit-card data, or null (with a message) where the shared data is absent. */
export function defaultCreditFile(name: string): string | null {
  const file = resolve(shared, "default_credit", name);
  if (existsSync(file)) return file;
  console.log(`      skipped: ${name} is not in the shared data (set FARSHORE_DATA)`);
  return null;
}
