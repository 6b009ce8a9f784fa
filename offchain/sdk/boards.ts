import { getParticipant, getParticipants, type Participant } from "../chain/reads/participants.ts";
import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { roles } from "../core/tables/roles.ts";
import { type BoardClient, boardClient } from "../transport/client.ts";
import type { Session } from "./session.ts";

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
  return (await getParticipants(session.chain)).map(boardOfParticipant).filter((board) => board !== null);
}

/** The board of one account; null when it is no active oracle with an endpoint. */
export async function boardOf(session: Session, account: Address): Promise<Board | null> {
  return boardOfParticipant(await getParticipant(session.chain, account));
}

function boardOfParticipant(participant: Participant): Board | null {
  const { account, operator, encryptionKey, endpoint: url, status } = participant;
  const serves = status === "active" && (participant.roles & roles.oracle.number) !== 0 && url !== "";
  if (!serves) return null;
  return { account, operator, encryptionKey, url, client: boardClient({ url, timeoutMs: 30_000, retries: 1 }) };
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
