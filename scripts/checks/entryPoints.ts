import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** What the invariants' actors do not call by name, and why. A contract's own name stands for all of its functions. */
export const notDriven: Readonly<Record<string, string>> = {
  JobOpening: "code that JobMarket runs: it holds nothing",
  JobEnding: "code that JobMarket runs: it holds nothing",
  JobDisputes: "code that JobMarket runs: it holds nothing",
  JobVerdicts: "code that JobMarket runs: it holds nothing",
  "Constitution.relay": "no vote may ask for it: a forbidden move",
  "Constitution.setAccessManagerIgnored": "no vote may ask for it: a forbidden move",
  "Constitution.onERC721Received": "OpenZeppelin's: says that such a token may be sent to it",
  "Constitution.onERC1155Received": "OpenZeppelin's: says that such a token may be sent to it",
  "Constitution.onERC1155BatchReceived": "OpenZeppelin's: says that such tokens may be sent to it",
  "CommitRevealBeacon.setAuthority": "for the access manager alone",
  "RuleBook.setAuthority": "for the access manager alone",
  "JobMarket.setAuthority": "for the access manager alone",
  "AssetRegistry.useForJob": "called by the market in every start",
  "AssetRegistry.setWriter": "wiring, done once before the first call",
  "AssetRegistry.setAuthority": "for the access manager alone",
  "AssetRegistry.approve": "OpenZeppelin's",
  "AssetRegistry.safeTransferFrom": "OpenZeppelin's, by the hook of transferFrom",
  "AssetRegistry.setApprovalForAll": "OpenZeppelin's",
  "PrivacyLedger.open": "called by the asset registry in every first listing",
  "PrivacyLedger.reserve": "called by the market in every start with noise",
  "PrivacyLedger.close": "called by the market when such a job is closed",
  "PrivacyLedger.setWriter": "wiring, done once before the first call",
  "PrivacyLedger.setAuthority": "for the access manager alone",
  "UsageLedger.append": "called by the market in every settlement",
  "UsageLedger.setWriter": "wiring, done once before the first call",
  "UsageLedger.setAuthority": "for the access manager alone",
  "ParticipantRegistry.setIncentiveToken": "wiring, done once before the first call",
  "ParticipantRegistry.setAuthority": "for the access manager alone",
  "StableToken.approve": "OpenZeppelin's; every actor approves the market",
  "StableToken.permit": "called by the market in depositWithPermit",
  "StableToken.setAuthority": "for the access manager alone",
  "StableToken.setProtocolContract": "wiring, done once before the first call",
  "StableToken.transferFrom": "called by the market in every deposit",
  "IncentiveToken.approve": "OpenZeppelin's; every oracle approves the committee",
  "IncentiveToken.delegateBySig": "OpenZeppelin's: votes move no token",
  "IncentiveToken.mintEarned": "called by the market in every withdrawal of incentives",
  "IncentiveToken.permit": "OpenZeppelin's",
  "IncentiveToken.setAuthority": "for the access manager alone",
  "IncentiveToken.setMinter": "wiring, done once before the first call",
  "IncentiveToken.transferFrom": "called by the committee in every stake",
  "OracleCommittee.slash": "called by the market in every fail with a silent seat",
  "OracleCommittee.setSlasher": "wiring, done once before the first call",
  "OracleCommittee.setAuthority": "for the access manager alone",
};

interface Item {
  readonly type: string;
  readonly name?: string;
  readonly stateMutability?: string;
}

/** `Contract.function` of everything that changes the chain, of all contracts of the project built into `folder`, in order. */
export function entryPoints(folder: string): readonly string[] {
  const files = globSync("contracts/**/*.json", { cwd: folder, exclude: (name) => name === "build-info" });
  const found = files.flatMap((file) => {
    const { abi, deployedBytecode } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    if (deployedBytecode === undefined || deployedBytecode === "0x") return [];
    const changing = (abi as Item[]).filter(({ type, stateMutability = "" }) => {
      return type === "function" && !["view", "pure"].includes(stateMutability);
    });
    return changing.map(({ name }) => `${basename(file, ".json")}.${name}`);
  });
  return [...new Set(found)].sort();
}

/** Entry points that nobody reached and no reason excuses; names that excuse what is not there or was reached. */
export function reachProblems(
  all: readonly string[],
  reached: ReadonlySet<string>,
  excused: Readonly<Record<string, string>> = notDriven,
): readonly string[] {
  // Of one function the ways to use it, each by a word of its own: `JobMarket.propose exact`.
  const named = new Set([...reached].map((name) => name.split(" ")[0] as string));
  const isExcused = (name: string) => name in excused || (name.split(".")[0] as string) in excused;
  const known = new Set([...all, ...all.map((name) => name.split(".")[0] as string)]);
  return [
    ...all.filter((name) => !named.has(name) && !isExcused(name)).map((name) => `${name} was not reached`),
    ...[...named].filter((name) => name in excused).map((name) => `${name} was reached: take it off the table`),
    ...Object.keys(excused)
      .filter((name) => !known.has(name))
      .map((name) => `${name} is on the table and no entry point`),
  ];
}
