import { getParticipant, getParticipants, type Participant } from "../chain/reads/participants.ts";
import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { roles } from "../core/tables/roles.ts";
import { type BoardClient, boardClient } from "../transport/client.ts";
import { firstAnswer } from "../transport/firstAnswer.ts";
import type { Session } from "./session.ts";

// A board has this long to store a document, and this long once most others have it (ms).
const putMs = 10_000;
const laggardMs = 500;

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
export async function boardOf(session: Pick<Session, "chain">, account: Address): Promise<Board | null> {
  return boardOfParticipant(await getParticipant(session.chain, account));
}

function boardOfParticipant(participant: Participant): Board | null {
  const { account, operator, encryptionKey, endpoint: url, status } = participant;
  const serves = status === "active" && (participant.roles & roles.oracle.number) !== 0 && url !== "";
  if (!serves) return null;
  return { account, operator, encryptionKey, url, client: boardClient({ url, timeoutMs: 30_000, retries: 1 }) };
}

/** Asks boards until one answers, the next beside one that is slow; throws the most telling failure, or `board/none`. */
export async function askAny<T>(
  boards: readonly Board[],
  ask: (client: BoardClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const found = await firstAnswer(boards, ({ client }, signal) => ask(client, signal));
  if (found !== null) return found.answer;
  throw new FarshoreError({
    code: "board/none",
    message: "no oracle with a board is admitted on this chain",
    remedy: "admit oracles first",
  });
}

/**
 * Puts a document on every board that answers; returns how many stored it, and throws when none did. Once more than half
 * have it, the others get another moment: one that hangs must not hold up the rest.
 */
export async function putEverywhere(boards: readonly Board[], document: Uint8Array): Promise<number> {
  const enough = new AbortController();
  const failures: unknown[] = [];
  let stored = 0;
  const put = async ({ client }: Board) => {
    try {
      await client.putDocument(document, { signal: enough.signal, timeoutMs: putMs });
      stored += 1;
      if (stored === Math.floor(boards.length / 2) + 1) setTimeout(() => enough.abort(), laggardMs).unref();
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(boards.map(put));
  if (stored > 0) return stored;
  throw new FarshoreError({
    code: "board/unreachable",
    message: `none of ${boards.length} boards took the document`,
    remedy: "check that the oracles run and that their endpoints can be reached from here",
    retryable: true,
    cause: failures[0],
  });
}
