import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { roles } from "../core/tables/roles.ts";
import { type BoardClient, boardClient } from "../transport/client.ts";
import type { Session } from "./session.ts";

// Status of an active participant.
const active = 1;

/** An oracle with the board that it serves. */
export interface Board {
  readonly account: Address;
  readonly operator: Address;
  readonly encryptionKey: Hex;
  readonly url: string;
  readonly client: BoardClient;
}

/** Boards of all active oracles, by the registry. */
export async function boardsOf(session: Session): Promise<Board[]> {
  const { chain } = session;
  const count = Number(await chain.call("ParticipantRegistry", "count", []));
  const accounts = await Promise.all(
    Array.from({ length: count }, (_, i) => chain.call("ParticipantRegistry", "accountAt", [BigInt(i)])),
  );
  const boards = await Promise.all(accounts.map((account) => boardOf(session, account)));
  return boards.filter((board) => board !== null);
}

/** The board of one account; null when it is no active oracle with an endpoint. */
export async function boardOf(session: Session, account: Address): Promise<Board | null> {
  const [profile, contact] = await Promise.all([
    session.chain.call("ParticipantRegistry", "profileOf", [account]),
    session.chain.call("ParticipantRegistry", "contactOf", [account]),
  ]);
  const serves = profile.status === active && (profile.roles & roles.oracle.number) !== 0 && contact.endpoint !== "";
  if (!serves) return null;
  const client = boardClient({ url: contact.endpoint, timeoutMs: 30_000, retries: 1 });
  return { account, operator: profile.operator, encryptionKey: contact.encryptionKey, url: contact.endpoint, client };
}

/** Asks boards one after another until one answers; throws the last failure, or `board/none` when there is no board. */
export async function askAny<T>(boards: readonly Board[], ask: (client: BoardClient) => Promise<T>): Promise<T> {
  let last: unknown = new FarshoreError({
    code: "board/none",
    message: "no oracle with a board is admitted on this chain",
    remedy: "admit oracles first",
  });
  for (const { client } of boards) {
    try {
      return await ask(client);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Puts a document on every board that answers; throws when none did. */
export async function putEverywhere(boards: readonly Board[], document: Uint8Array): Promise<number> {
  const ended = await Promise.allSettled(boards.map(({ client }) => client.putDocument(document)));
  const stored = ended.filter((e) => e.status === "fulfilled").length;
  if (stored > 0) return stored;
  const failed = ended.find((e) => e.status === "rejected");
  throw new FarshoreError({
    code: "board/unreachable",
    message: `none of ${boards.length} boards took the document`,
    remedy: "check that the oracles run and that their endpoints can be reached from here",
    retryable: true,
    cause: failed?.reason,
  });
}
