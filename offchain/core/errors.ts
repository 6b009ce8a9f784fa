/** What an error is made of. `facts` hold values a reader can act on; never a secret. */
export interface ErrorParts {
  /** Stable name, `room/reason`, for scripts and tests. */
  readonly code: string;
  readonly message: string;
  readonly facts?: Readonly<Record<string, string | number | bigint | boolean | null>>;
  /** What the reader should do now. */
  readonly remedy?: string;
  /** The party at fault in a multi-party step, or "nobody" when none can be named. */
  readonly party?: string;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The base of every error that Farshore throws on purpose. */
export class FarshoreError extends Error {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number | bigint | boolean | null>>;
  readonly remedy: string | undefined;
  readonly party: string | undefined;
  readonly retryable: boolean;

  constructor(parts: ErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = "FarshoreError";
    this.code = parts.code;
    this.facts = parts.facts ?? {};
    this.remedy = parts.remedy;
    this.party = parts.party;
    this.retryable = parts.retryable ?? false;
  }
}

/** True when `error` is a FarshoreError with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof FarshoreError && error.code === code;
}
