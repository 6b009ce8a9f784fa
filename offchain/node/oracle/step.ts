import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { specOf } from "../specOf.ts";
import { failWhenOverdue, sayReady, stepFinished, stepProposed } from "./closingSteps.ts";
import { stepOpen, stepSeating } from "./openingSteps.ts";
import { stepRunning } from "./runningSteps.ts";

/** What an oracle does for one job now, whatever happened before: every step looks at chain and store, acts, and may be repeated. */
export async function stepOracle(ctx: NodeContext, job: JobView): Promise<void> {
  const seat = job.seats.findIndex((s) => s.operator === ctx.me.operator);
  switch (job.state) {
    case "Open":
      return stepOpen(ctx, job);
    case "Seating":
      return stepSeating(ctx, job);
    case "Running":
    case "Finished":
      // Also without a seat: a job whose whole committee is away must not hold its money for ever.
      if (await failWhenOverdue(ctx, job, seat)) return undefined;
      return seat < 0 ? undefined : stepSeated(ctx, job, seat);
    case "Proposed":
      return stepProposed(ctx, job, seat);
    default:
      return undefined;
  }
}

async function stepSeated(ctx: NodeContext, job: JobView, seat: number): Promise<void> {
  const spec = await specOf(ctx, job);
  try {
    if (job.state === "Running") await stepRunning(ctx, job, spec, seat);
    else await stepFinished(ctx, job, spec, seat);
  } finally {
    // Whatever others made of the step: a seat that is there says so, or it would lose its bond for them.
    await sayReady(ctx, job);
  }
}
