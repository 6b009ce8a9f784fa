import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ErrorParts, FarshoreError } from "../core/errors.ts";
import { type Fact, FactSchema, type Failure, FailureSchema } from "./generated/board_pb.ts";

type FactValue = NonNullable<ErrorParts["facts"]>[string];

// Connect's code only guides foreign clients and proxies; ours travels in the detail. By the reason after the slash.
const connectCodes: Readonly<Record<string, Code>> = {
  malformed: Code.InvalidArgument,
  "bad-signature": Code.Unauthenticated,
  "not-allowed": Code.PermissionDenied,
  "not-entitled": Code.PermissionDenied,
  "no-document": Code.NotFound,
  unknown: Code.NotFound,
  "too-large": Code.ResourceExhausted,
  busy: Code.ResourceExhausted,
  timeout: Code.DeadlineExceeded,
  cancelled: Code.Canceled,
};

/**
 * The Connect error for whatever a handler threw. A FarshoreError travels with its code, message, facts, remedy and
 * party; its cause and stack stay here. Anything else becomes `transport/board-failed` without a word of its own text.
 */
export function toConnectError(error: unknown): ConnectError {
  const known = error instanceof FarshoreError ? error : boardFailed();
  const reason = known.code.split("/")[1] ?? "";
  const code = connectCodes[reason] ?? (known.retryable ? Code.Unavailable : Code.FailedPrecondition);
  const value = create(FailureSchema, {
    code: known.code,
    facts: Object.fromEntries(Object.entries(known.facts).map(([name, fact]) => [name, toFact(fact)])),
    remedy: known.remedy ?? "",
    party: known.party ?? "",
    retryable: known.retryable,
  });
  return new ConnectError(known.message, known === error ? code : Code.Internal, undefined, [
    { desc: FailureSchema, value },
  ]);
}

function boardFailed(): FarshoreError {
  return new FarshoreError({
    code: "transport/board-failed",
    message: "the board failed to answer",
    remedy: "ask another board; the operator of this one finds the reason in its log",
  });
}

/** The FarshoreError that a board sent, or undefined when the error carries none. A board's text is cut and cleaned. */
export function fromConnectError(error: ConnectError): FarshoreError | undefined {
  const failure: Failure | undefined = error.findDetails(FailureSchema)[0];
  if (failure === undefined || !/^[a-z0-9-]{1,32}\/[a-z0-9-]{1,64}$/.test(failure.code)) return undefined;
  const facts = Object.entries(failure.facts).slice(0, 32);
  return new FarshoreError({
    code: failure.code,
    message: clean(error.rawMessage),
    facts: Object.fromEntries(facts.map(([name, fact]) => [clean(name), fromFact(fact)])),
    ...(failure.remedy === "" ? {} : { remedy: clean(failure.remedy) }),
    ...(failure.party === "" ? {} : { party: clean(failure.party) }),
    retryable: failure.retryable,
  });
}

// A board is not trusted: its text may end on a terminal, so control characters (also C1 and direction marks) go.
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, " ").slice(0, 1000);
}

function toFact(fact: FactValue): Fact {
  if (typeof fact === "string") return create(FactSchema, { value: { case: "text", value: fact } });
  if (typeof fact === "number") return create(FactSchema, { value: { case: "number", value: fact } });
  if (typeof fact === "bigint") return create(FactSchema, { value: { case: "integer", value: String(fact) } });
  if (typeof fact === "boolean") return create(FactSchema, { value: { case: "flag", value: fact } });
  return create(FactSchema);
}

function fromFact({ value }: Fact): FactValue {
  if (value.case === undefined) return null;
  if (value.case === "text") return clean(value.value);
  if (value.case === "integer") return /^-?\d{1,100}$/.test(value.value) ? BigInt(value.value) : clean(value.value);
  return value.value;
}
