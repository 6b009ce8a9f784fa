import { FarshoreError } from "../core/errors.ts";
import type { Aggregation } from "./aggregation.ts";
import { clearAggregation } from "./clearAggregation.ts";
import { sharesAggregation } from "./sharesAggregation.ts";

/** The aggregation of a job; throws `job/unsupported` for those that this release does not have. */
export function aggregationOf(name: Aggregation["name"]): Aggregation {
  if (name === "clear") return clearAggregation;
  if (name === "shares") return sharesAggregation;
  throw new FarshoreError({
    code: "job/unsupported",
    message: `aggregation ${name} is not in this release`,
    facts: { field: "aggregation", had: name },
    remedy: "use aggregation shares or clear",
  });
}
