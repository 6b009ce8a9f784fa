import { type Address, isAddress } from "viem";
import { FarshoreError } from "../offchain/core/errors.ts";

/** What a deployment is asked about before anything is sent: values of deploy/parameters, with "deployer" replaced. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Seconds: the longest window that a job's terms may name for challenges (TermsRules.MAXIMUM_WINDOW). */
const longestChallenge = 30 * 86_400;

/**
 * Refuses parameters that the contracts take one by one and that do not fit together. Throws `deploy/bad-parameter` with the field,
 * the value and what is needed.
 */
export function checkParameters(parameters: Parameters, deployer: Address): void {
  checkExitDelay(parameters);
  checkDelays(parameters);
  checkGenesis(parameters, deployer);
}

/**
 * Seconds from a proposal until nobody can be slashed for it any more: the window for challenges, then for the panel's seats, its verdict
 * and the adjudicator, each with its grace. A stake that leaves earlier pays for nothing.
 */
export function disputeSeconds(parameters: Parameters): number {
  const seconds = (field: string) => Number(parameters[field]);
  const grace = seconds("grace");
  return (
    longestChallenge + seconds("seatSeconds") + seconds("verdictSeconds") + seconds("adjudicationSeconds") + 3 * grace
  );
}

function checkExitDelay(parameters: Parameters): void {
  const [had, needed] = [Number(parameters.exitDelaySeconds), disputeSeconds(parameters)];
  if (had > needed) return;
  throw bad("exitDelaySeconds", had, `more than ${needed}: what a dispute may last, all windows and graces of it`);
}

/** The Constitution's floor and what the AccessManager asks of it are the same delay, in seconds. */
function checkDelays({ administratorDelay, constitution }: Parameters): void {
  const { delay } = (constitution ?? {}) as { delay?: unknown };
  if (delay !== undefined && Number(administratorDelay) === Number(delay)) return;
  throw bad("administratorDelay", administratorDelay, `${String(delay)}, which is constitution.delay`);
}

/** Whoever holds the genesis allocation holds all votes and can fill the first committees: the founding oracles, by name. */
function checkGenesis(parameters: Parameters, deployer: Address): void {
  const recipients = parameters.genesisRecipients as readonly string[];
  const amounts = (parameters.genesisAmounts as readonly unknown[]).map((amount) => BigInt(String(amount)));
  if (recipients.length !== amounts.length) throw bad("genesisAmounts", amounts.length, `${recipients.length} amounts`);
  const sum = amounts.reduce((total, amount) => total + amount, 0n);
  const cap = BigInt(String(parameters.incentiveCap));
  if (sum > cap) throw bad("genesisAmounts", sum, `a sum within incentiveCap, ${cap}`);
  // A chain of one machine, for development: the deployer hands out what its oracles stake.
  if (parameters.embedded === true) return;

  const least = Number(parameters.minimumParticipants);
  const founders = new Set(recipients.map((account) => account.toLowerCase()));
  if (founders.size !== recipients.length) throw bad("genesisRecipients", recipients.join(" "), "every account once");
  if (founders.size < least) throw bad("genesisRecipients", founders.size, `${least} founding oracles at least`);
  const nobody = recipients.find((account) => !isAddress(account, { strict: false }));
  if (nobody !== undefined) throw bad("genesisRecipients", nobody, "accounts of founding oracles");
  if (founders.has(deployer.toLowerCase())) {
    throw bad("genesisRecipients", deployer, "founding oracles alone, not who deploys");
  }
  const stake = BigInt(String(parameters.minimumStake));
  const poor = amounts.find((amount) => amount < stake);
  if (poor !== undefined) throw bad("genesisAmounts", poor, `minimumStake, ${stake}, for each at least`);
}

function bad(field: string, value: unknown, needed: string): FarshoreError {
  return new FarshoreError({
    code: "deploy/bad-parameter",
    message: `${field} is ${String(value)}, and has to be ${needed}`,
    facts: { field, value: String(value), needed },
    remedy: "change it in deploy/parameters/NETWORK.json, or in the file that --parameters names, and deploy again",
  });
}
