import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { farshoreTypes } from "../../../offchain/core/eip712.ts";
import { jobIdOf } from "../../../offchain/protocol/jobId.ts";
import { versionOf } from "../assets/listings.ts";
import { connect, type Signer } from "../chain.ts";
import { operatorKey, rotateOperator } from "../participants.ts";
import { fixtureOf, Job, termsOf } from "./job.ts";
import type { Bank, Stage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const fresh = fixtureOf(chain, async () => {});
const posted = fixtureOf(chain, (job) => job.post());

/** `start` with acceptance 1 replaced; the others are good. */
async function startWith(job: Job, second: object) {
  const [first, , third] = await job.acceptances();
  return job.as().start(...(await job.startArguments(job.listings(), [first, second, third] as object[])));
}

async function refuses(job: Job, second: object) {
  await expect(startWith(job, second))
    .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadAcceptance")
    .withArgs(1, bankOf(job).account);
}

function bankOf({ stage }: Job): Bank {
  return stage.banks[1] as Bank;
}

describe("Acceptance, refused", () => {
  it("when it is past its own expiry", async () => {
    const job = await posted();
    const expiry = BigInt(await chain.time.latest()) + 20n;
    const signed = await job.acceptance(bankOf(job).operator, 1, { expiry });
    await job.waitUntilAfter(Number(expiry));
    await expect(startWith(job, signed))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_AcceptanceExpired")
      .withArgs(bankOf(job).account, expiry);
  });

  it("when it was cancelled by the account, or by its operator; nobody else can", async () => {
    for (const byOperator of [false, true]) {
      const job = await posted();
      const { jobs, banks, stranger } = job.stage;
      const { account, operator } = bankOf(job);
      for (const caller of [stranger, banks[0]?.account]) {
        await expect(job.as(caller).cancelAcceptance(job.id, account, 1n))
          .to.be.revertedWithCustomError(jobs, "JobMarket_NotAccount")
          .withArgs(caller, account);
      }
      if (byOperator) await chain.setBalance(operator.address, 10n ** 18n);
      const caller = byOperator ? operator.connect(ethers.provider) : account;
      await expect(jobs.connect(caller).cancelAcceptance(job.id, account, 1n))
        .to.emit(jobs, "AcceptanceCancelled")
        .withArgs(job.id, account, 1n);
      await expect(startWith(job, await job.acceptance(operator, 1)))
        .to.be.revertedWithCustomError(jobs, "JobMarket_AcceptanceCancelled")
        .withArgs(account, 1n);
      await startWith(job, await job.acceptance(operator, 1, { nonce: 77n }));
    }
  });

  it("when it was cancelled before the job was posted, and only for that job", async () => {
    const early = await fresh();
    const { jobs } = early.stage;
    const { account, operator } = bankOf(early);
    const [twin, id] = [
      early.fork(),
      jobIdOf(jobs.target, early.stage.buyer.account.address as Hex, early.terms.validationRoot as Hex),
    ];
    await jobs.connect(account).cancelAcceptance(id, account, 1n);
    expect((await jobs.jobOf(id))[0]).to.equal(0n);
    await twin.post();
    expect(twin.id).to.equal(id);
    await expect(startWith(twin, await twin.acceptance(operator, 1)))
      .to.be.revertedWithCustomError(jobs, "JobMarket_AcceptanceCancelled")
      .withArgs(account, 1n);
    await twin.cancel();
    const other = new Job(early.stage, { ...early.terms, validationRoot: ethers.id("other rows") });
    await other.post();
    await startWith(other, await other.acceptance(operator, 1));
  });

  it("is not cancelled any more once the job has started", async () => {
    const job = await posted();
    const { account, operator } = bankOf(job);
    await job.apply("start", startWith(job, await job.acceptance(operator, 1)));
    await expect(job.stage.jobs.connect(account).cancelAcceptance(job.id, account, 1n))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 2n, 1n);
  });

  it("when it was given for another job of the same terms", async () => {
    const job = await posted();
    const twin = new Job(job.stage, { ...job.terms, validationRoot: ethers.id("other rows") });
    await twin.post();
    await refuses(twin, await job.acceptance(bankOf(job).operator, 1));
  });

  it("when it was given for other terms", async () => {
    const job = await posted();
    await refuses(job, await job.acceptance(bankOf(job).operator, 1, { termsHash: ethers.id("other terms") }));
    const other = new Job(job.stage, termsOf(job.stage, { base: 1n, validationRoot: ethers.id("other rows") }));
    await other.post();
    await refuses(other, await job.acceptance(bankOf(job).operator, 1));
  });

  it("when it is of a stranger, of another bank, or of nobody", async () => {
    const job = await posted();
    const stranger = operatorKey(chain, 999);
    await refuses(job, await job.acceptance(stranger, 1));
    await refuses(job, await job.acceptance((job.stage.banks[0] as Bank).operator, 1));
    const good = await job.acceptance(bankOf(job).operator, 1);
    for (const signature of ["0x", `0x${"00".repeat(65)}`, good.signature.slice(0, -2)]) {
      await refuses(job, { ...good, signature });
    }
  });

  it("when it is for another place in the list of assets", async () => {
    const job = await posted();
    const { operator } = bankOf(job);
    await refuses(job, await job.acceptance(operator, 2));
    const [first, second, third] = await job.acceptances();
    await expect(job.as().start(...(await job.startArguments(job.listings(), [first, third, second] as object[]))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadAcceptance")
      .withArgs(1, bankOf(job).account);
  });

  it("when any field that was signed is another: consents, nonce, expiry", async () => {
    const job = await posted();
    const signed = await job.acceptance(bankOf(job).operator, 1);
    for (const fields of [{ consents: 7 }, { nonce: 2n }, { expiry: 2n ** 41n }]) {
      await refuses(job, { ...signed, ...fields });
    }
  });

  it("when it was signed for another market", async () => {
    const job = await posted();
    const message = {
      jobId: job.id,
      termsHash: job.record.termsHash,
      assetIndex: 1,
      consents: 0,
      nonce: 1n,
      expiry: 2n ** 40n,
    };
    const { chainId } = await ethers.provider.getNetwork();
    const domain = { name: "Farshore", version: "1", chainId, verifyingContract: job.stage.opening.target };
    const types = { Acceptance: [...farshoreTypes.Acceptance] };
    await refuses(job, { ...message, signature: await bankOf(job).operator.signTypedData(domain, types, message) });
  });

  it("when the operator's key was replaced since: an old key binds nobody", async () => {
    const job = await posted();
    const { account, operator } = bankOf(job);
    const old = await job.acceptance(operator, 1);
    const fresh = operatorKey(chain, 500);
    await rotateOperator(job.stage.registry, account, fresh, ethers.id("key"), "https://bank.example");
    await refuses(job, old);
    await startWith(job, await job.acceptance(fresh, 1));
  });
});

describe("Acceptance, taken", () => {
  it("from the account as from its operator, with the consents that were signed", async () => {
    const job = await posted();
    const { account } = bankOf(job);
    await job.apply("start", startWith(job, await job.acceptance(account, 1, { consents: 7 })));
    expect(job.record.parties?.contributors.map(({ consents }) => consents)).to.deep.equal([6, 7, 6]);
  });

  it("in the second of its expiry", async () => {
    const job = await posted();
    const expiry = BigInt(await chain.time.latest()) + 20n;
    const signed = await job.acceptance(bankOf(job).operator, 1, { expiry });
    const [first, , third] = await job.acceptances();
    const args = await job.startArguments(job.listings(), [first, signed, third] as object[]);
    await job.waitUntil(Number(expiry));
    await job.apply("start", job.as().start(...args));
  });

  it("from an account that is a contract, as the contract says (ERC-1271)", async () => {
    const job = await withContractBank(await posted());
    const { account } = job.stage.banks[2] as Bank;
    const [first, second] = await job.acceptances();
    const startBy = async (key: Pick<Signer, "signTypedData">) => {
      const acceptances = [first, second, await job.acceptance(key, 2)] as object[];
      return job.as().start(...(await job.startArguments(job.listings(), acceptances)));
    };
    await expect(startBy(job.stage.stranger))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadAcceptance")
      .withArgs(2, account.address);
    await job.apply("start", startBy(keeper));
    expect(job.record.parties?.contributors[2]?.account).to.equal(account.address);
  });
});

const keeper = chain.signer(17);

/** A job whose third bank's account is a contract; `keeper` acts and signs for it. */
async function withContractBank({ stage }: Job): Promise<Job> {
  const account = await chain.deploy("ContractAccount", [keeper.address]);
  await stage.admit(account);
  const { terms } = (stage.banks[0] as Bank).listing;
  const version = versionOf(chain, "customers of a contract");
  const data = stage.assets.interface.encodeFunctionData("list", [1, version, terms, 10n ** 12n, "ipfs://data"]);
  const receipt = await (await account.connect(keeper).act(stage.assets, data)).wait();
  const time = BigInt((await receipt.getBlock()).timestamp);
  const assetId = (stage.banks[2] as Bank).assetId + 1n;
  const operator = operatorKey(chain, Number(await stage.registry.count()));
  const address: string = await account.getAddress();
  const bank = { assetId, listing: { version: { ...version, time }, terms }, account: { address }, operator };
  const own: Stage = { ...stage, banks: [...stage.banks.slice(0, 2), bank as unknown as Bank] };
  const job = new Job(own, termsOf(own));
  await job.post();
  return job;
}
