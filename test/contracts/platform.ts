import type { Deployed, Signer, TestChain } from "./chain.ts";
import { contactOf, type ProfileFields, profileOf } from "./participants.ts";

/** Stake that puts an oracle on the roster, 18 decimals. */
export const minimumStake = 10_000n * 10n ** 18n;
export const exitDelaySeconds = 3600;
export const memberAt = 1_000n * 10n ** 18n;
export const coreAt = 100_000n * 10n ** 18n;
export const incentiveCap = 10n ** 9n * 10n ** 18n;
export const genesisAmount = 10n ** 8n * 10n ** 18n;
/** Emits more than the cap at once: for tests that are not about the schedule. */
export const openSchedule = { initialEmission: 2n ** 127n, epochSeconds: 604_800, halvingEpochs: 208 };
export const noticeSeconds = 30 * 86_400;
export const listingCaps = { lite: 3, member: 20, core: 100 };
/** Seconds for which rules that were retired are still valid. */
export const rulesGrace = 86_400;
const roles = { issuer: 1n, registrar: 2n, supervisor: 4n, regulator: 5n };

export interface Platform {
  readonly manager: Deployed;
  readonly registry: Deployed;
  readonly stable: Deployed;
  readonly incentive: Deployed;
  readonly privacy: Deployed;
  readonly usage: Deployed;
  readonly assets: Deployed;
  readonly committee: Deployed;
  readonly beacon: Deployed;
  readonly rules: Deployed;
  readonly admin: Signer;
  readonly issuer: Signer;
  readonly registrar: Signer;
  readonly supervisor: Signer;
  /** The supervisor's account too, in its role over money. */
  readonly regulator: Signer;
  /** An account that may write where the market may. */
  readonly market: Signer;
  /** Neither admitted nor in any role. */
  readonly stranger: Signer;
  /** Admits an account; what is not named is an active institution of its own group. */
  admit(account: Signer, fields?: ProfileFields): Promise<void>;
  /** Gives an admitted account stable tokens, minor units. */
  fund(account: Signer, amount: bigint): Promise<void>;
}

/** Every contract but the market, wired as deploy/modules/Farshore.ts wires them; one account stands for the market. */
export async function deployPlatform(chain: TestChain): Promise<Platform> {
  const [admin, issuer, registrar, supervisor] = [0, 1, 2, 3].map(chain.signer) as [Signer, Signer, Signer, Signer];
  const [market, stranger] = [chain.signer(4), chain.signer(5)];
  const manager = await chain.deploy("AccessManager", [admin]);
  const registry = await chain.deploy("ParticipantRegistry", [manager, memberAt, coreAt, noticeSeconds]);
  const stable = await chain.deploy("StableToken", [manager, registry]);
  const genesis = [[admin.address], [genesisAmount]];
  const incentive = await chain.deploy("IncentiveToken", [manager, incentiveCap, openSchedule, ...genesis]);
  const privacy = await chain.deploy("PrivacyLedger", [manager]);
  const usage = await chain.deploy("UsageLedger", [manager]);
  const assets = await chain.deploy("AssetRegistry", [manager, registry, privacy, listingCaps]);
  const beacon = await chain.deploy("BlockHashBeacon");
  const rules = await chain.deploy("RuleBook", [manager, rulesGrace]);
  const staking = [manager, registry, incentive, minimumStake, exitDelaySeconds];
  const committee = await chain.deploy("OracleCommittee", staking);
  await registry.setIncentiveToken(incentive);
  await incentive.setMinter(market, true);
  await stable.setProtocolContract(market, true);
  for (const writer of [assets, market]) await privacy.setWriter(writer, true);
  for (const ledger of [assets, usage]) await ledger.setWriter(market, true);
  const may = async (role: keyof typeof roles, who: Signer, target: Deployed, functions: string[]) => {
    const selectors = functions.map((name) => target.interface.getFunction(name).selector);
    await manager.setTargetFunctionRole(target, selectors, roles[role]);
    await manager.grantRole(roles[role], who, 0);
  };
  await may("issuer", issuer, stable, ["mint", "burn"]);
  await may("registrar", registrar, registry, ["admit", "setRoles", "readmit"]);
  await may("supervisor", supervisor, registry, ["setStatus"]);
  const enforcement = ["openCase", "resumeCase", "closeCase", "setFrozenTokens", "forcedTransfer"];
  await may("regulator", supervisor, stable, enforcement);
  await rules.publish(chain.ethers.id("rules 1"), "board:rules", 0);
  let wires = 0;
  return {
    ...{ manager, registry, stable, incentive, privacy, usage, assets, committee, beacon, rules },
    ...{ admin, issuer, registrar, supervisor, regulator: supervisor, market, stranger },
    async admit(account, fields = {}) {
      const index = Number(await registry.count()) + 1;
      await registry.connect(registrar).admit(account, profileOf(chain, index, fields), contactOf(chain, index));
    },
    async fund(account, amount) {
      await stable.connect(issuer).mint(account, amount, chain.ethers.id(`wire ${++wires}`));
    },
  };
}
