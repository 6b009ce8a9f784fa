import type { NodeContext } from "./context.ts";

/**
 * What each role does that must survive a crash: each of these acts is recorded, or is itself the record, before anything
 * leaves. Tests kill a node before and after each one.
 */
export const steps = {
  contributor: [
    "data.recordCohort",
    "data.keepAcceptance",
    "data.sendAcceptance",
    "data.recordRelease",
    "data.keepDealing",
    "data.sendDealing",
    "data.keepState",
    "node.erase",
  ],
  oracle: [
    "oracle.takeAcceptance",
    "oracle.keepDealing",
    "oracle.recordStatement",
    "oracle.keepStatement",
    "oracle.sendStatement",
    "oracle.takeStatement",
    "oracle.recordShare",
    "oracle.keepShare",
    "oracle.sendShare",
    "oracle.takeShare",
    "oracle.keepSum",
    "oracle.keepState",
    "oracle.keepValidation",
    "oracle.keepRows",
    "oracle.keepWords",
    "oracle.sendWords",
    "oracle.takeWords",
    "oracle.keepEvidence",
  ],
  submitter: ["submitter.record", "submitter.send", "submitter.conclude"],
  /** Whoever delivers the validation rows (sdk/deliverValidation.ts). */
  validator: ["validator.keepDealing", "validator.send"],
} as const;

export type Role = keyof typeof steps;
export type Step = (typeof steps)[Role][number];

/** Told before and after each step; a test's may end the node there. */
export type StepObserver = (step: Step, phase: "before" | "after") => void;

/** Runs one recorded act of a node. */
export async function recorded<T>(
  ctx: Pick<NodeContext, "observe">,
  step: Step,
  act: () => T | Promise<T>,
): Promise<T> {
  ctx.observe(step, "before");
  const result = await act();
  ctx.observe(step, "after");
  return result;
}
