import { FarshoreError } from "../../core/errors.ts";
import { readPolicy } from "../../party/policyFile.ts";
import { manualPolicy, type Policy } from "../../protocol/policy.ts";
import type { NodeContext } from "../context.ts";

/** The policy as its file has it now. `wrong`: why the file cannot be used, while every job waits for a person. */
export interface PolicyNow {
  readonly policy: Policy;
  readonly wrong: FarshoreError | undefined;
}

// What each node read last, and what it said about a file that went wrong: once, not at every look.
const last = new WeakMap<NodeContext, { good: Policy; said: string }>();

/**
 * Reads the policy file. One that went wrong while the node runs is logged, and nothing is accepted by it; who may decide,
 * and above which total two must, stays as it was when the file was last right.
 */
export function policyNow(ctx: NodeContext): PolicyNow {
  const before = last.get(ctx) ?? { good: manualPolicy, said: "" };
  try {
    const policy = readPolicy(ctx.config);
    if (before.said !== "") ctx.log.info({ policy: ctx.config.policy }, "the policy file is right again");
    last.set(ctx, { good: policy, said: "" });
    return { policy, wrong: undefined };
  } catch (error) {
    if (!(error instanceof FarshoreError)) throw error;
    if (before.said !== error.message) report(ctx, error);
    last.set(ctx, { good: before.good, said: error.message });
    return { policy: { ...before.good, mode: "manual", consents: [] }, wrong: error };
  }
}

function report(ctx: NodeContext, { code, message, remedy }: FarshoreError): void {
  ctx.log.error({ code, remedy, error: message }, "the policy file is wrong: every job waits for a person");
}
