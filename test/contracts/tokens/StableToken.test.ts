import { expect } from "chai";
import { connect } from "../chain.ts";
import { status } from "../participants.ts";
import { deployPlatform } from "../platform.ts";
import { signPermit } from "./permit.ts";

const chain = await connect();
const { ethers } = chain;
const bank = chain.signer(6);
const buyer = chain.signer(7);
const wire = ethers.id("wire 2026-11-21/17");
const payOut = ethers.id("wire 2026-11-22/3");

async function withMoney() {
  const platform = await deployPlatform(chain);
  await platform.admit(bank);
  await platform.admit(buyer);
  await platform.fund(buyer, 1_000_000n);
  return platform;
}

describe("StableToken: issue", () => {
  it("is the issuer's alone", async () => {
    const { stable, admin, stranger, registrar } = await chain.loadFixture(withMoney);
    for (const caller of [admin, stranger, registrar, buyer]) {
      const refused = (act: Promise<unknown>) =>
        expect(act).to.be.revertedWithCustomError(stable, "AccessManagedUnauthorized").withArgs(caller);
      await refused(stable.connect(caller).mint(buyer, 1, wire));
      await refused(stable.connect(caller).burn(1, wire));
    }
  });

  it("mints to admitted parties only", async () => {
    const { stable, issuer, stranger } = await chain.loadFixture(withMoney);
    await expect(stable.connect(issuer).mint(stranger, 1, wire))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotReceive")
      .withArgs(stranger);
  });

  it("wants a payment's reference, and takes each once, for one mint or one burn", async () => {
    const { stable, issuer } = await chain.loadFixture(withMoney);
    const as = stable.connect(issuer);
    for (const act of [() => as.mint(bank, 1, ethers.ZeroHash), () => as.burn(0, ethers.ZeroHash)]) {
      await expect(act()).to.be.revertedWithCustomError(stable, "StableToken_BadFiatReference");
    }
    await as.mint(bank, 1, wire);
    expect(await stable.fiatReferenceUsed(wire)).to.equal(true);
    await stable.setProtocolContract(issuer, true);
    for (const act of [() => as.mint(bank, 1, wire), () => as.burn(0, wire)]) {
      await expect(act()).to.be.revertedWithCustomError(stable, "StableToken_FiatReferenceUsed").withArgs(wire);
    }
    await as.burn(0, payOut);
    await expect(as.mint(bank, 1, payOut))
      .to.be.revertedWithCustomError(stable, "StableToken_FiatReferenceUsed")
      .withArgs(payOut);
  });

  it("burns the issuer's own holding and nobody else's", async () => {
    const { stable, issuer } = await chain.loadFixture(withMoney);
    await expect(stable.connect(issuer).burn(1, wire))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotSend")
      .withArgs(issuer);
    await stable.setProtocolContract(issuer, true);
    await expect(stable.connect(issuer).burn(1, wire))
      .to.be.revertedWithCustomError(stable, "ERC20InsufficientBalance")
      .withArgs(issuer, 0, 1);
    await stable.connect(buyer).transfer(issuer, 400n);
    await expect(stable.connect(issuer).burn(400, wire)).to.emit(stable, "StableBurned").withArgs(issuer, 400, wire);
    expect(await stable.totalSupply()).to.equal(999_600n);
  });

  it("mints minor units of six decimals under the reference of the payment", async () => {
    const { stable, issuer } = await chain.loadFixture(withMoney);
    await expect(stable.connect(issuer).mint(bank, 250n, wire))
      .to.emit(stable, "StableMinted")
      .withArgs(bank, 250, wire);
    expect(await stable.balanceOf(bank)).to.equal(250n);
    expect(await stable.decimals()).to.equal(6n);
  });
});

describe("StableToken: transfers", () => {
  it("go to admitted parties only", async () => {
    const { stable, stranger } = await chain.loadFixture(withMoney);
    await expect(stable.connect(buyer).transfer(stranger, 1))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotReceive")
      .withArgs(stranger);
  });

  it("neither come from nor go to a party that is suspended", async () => {
    const { stable, registry, supervisor } = await chain.loadFixture(withMoney);
    await stable.connect(buyer).transfer(bank, 10n);
    await registry.connect(supervisor).setStatus(bank, status.suspended, 7);
    await expect(stable.connect(bank).transfer(buyer, 1))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotSend")
      .withArgs(bank);
    await expect(stable.connect(buyer).transfer(bank, 1))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotReceive")
      .withArgs(bank);
    expect([await stable.canSend(bank), await stable.canReceive(bank)]).to.deep.equal([false, false]);
  });

  it("come from a party that left, and go to it from a contract of the protocol alone", async () => {
    const { stable, issuer, registry } = await chain.loadFixture(withMoney);
    const market = chain.signer(9);
    await stable.setProtocolContract(market, true);
    await stable.connect(buyer).transfer(market, 30n);
    await registry.connect(bank).leave();
    await expect(stable.connect(buyer).transfer(bank, 1))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotTransfer")
      .withArgs(buyer, bank, 1);
    await expect(stable.connect(issuer).mint(bank, 1, wire)).to.be.revertedWithCustomError(
      stable,
      "ERC7943CannotTransfer",
    );
    expect(await stable.canTransfer(buyer, bank, 1)).to.equal(false);
    expect(await stable.canTransfer(market, bank, 30n)).to.equal(true);
    await stable.connect(market).transfer(bank, 30n);
    await stable.connect(bank).transfer(buyer, 30n);
    expect(await stable.balanceOf(bank)).to.equal(0n);
  });

  it("do not pass an admitted spender's hands on to a stranger", async () => {
    const { stable, stranger } = await chain.loadFixture(withMoney);
    await stable.connect(buyer).approve(bank, 5n);
    await expect(stable.connect(bank).transferFrom(buyer, stranger, 5))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotReceive")
      .withArgs(stranger);
  });

  it("reach a contract of the protocol once the administrator names it, and no longer when it is taken back", async () => {
    const { stable, stranger, admin } = await chain.loadFixture(withMoney);
    const escrow = chain.signer(9);
    await expect(stable.connect(stranger).setProtocolContract(escrow, true))
      .to.be.revertedWithCustomError(stable, "AccessManagedUnauthorized")
      .withArgs(stranger);
    await expect(stable.connect(admin).setProtocolContract(escrow, true))
      .to.emit(stable, "ProtocolContractSet")
      .withArgs(escrow, true);
    await stable.connect(buyer).transfer(escrow, 7n);
    await expect(stable.connect(admin).setProtocolContract(escrow, false), "what it holds would be locked")
      .to.be.revertedWithCustomError(stable, "StableToken_StillHolds")
      .withArgs(escrow, 7);
    await stable.connect(escrow).transfer(buyer, 7n);
    await stable.connect(admin).setProtocolContract(escrow, false);
    await expect(stable.connect(buyer).transfer(escrow, 7))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotReceive")
      .withArgs(escrow);
  });

  it("move the exact amount between admitted parties", async () => {
    const { stable } = await chain.loadFixture(withMoney);
    await expect(stable.connect(buyer).transfer(bank, 123n)).to.changeTokenBalances(
      ethers,
      stable,
      [buyer, bank],
      [-123, 123],
    );
  });
});

describe("StableToken: permit", () => {
  const far = 2n ** 40n;

  it("refuses one that expired, one for another amount, and one used before", async () => {
    const { stable } = await chain.loadFixture(withMoney);
    const late = BigInt(await chain.time.latest()) - 1n;
    const terms = { spender: bank.address, value: 50n, deadline: far };
    const expired = await signPermit(chain, stable, buyer, { ...terms, deadline: late });
    await expect(stable.permit(buyer, bank, 50, late, ...expired))
      .to.be.revertedWithCustomError(stable, "ERC2612ExpiredSignature")
      .withArgs(late);
    const signed = await signPermit(chain, stable, buyer, terms);
    await expect(stable.permit(buyer, bank, 51, far, ...signed)).to.be.revertedWithCustomError(
      stable,
      "ERC2612InvalidSigner",
    );
    await stable.permit(buyer, bank, 50, far, ...signed);
    await expect(stable.permit(buyer, bank, 50, far, ...signed)).to.be.revertedWithCustomError(
      stable,
      "ERC2612InvalidSigner",
    );
  });

  it("lets the spender draw the amount signed, brought by anyone, and no more", async () => {
    const { stable, stranger } = await chain.loadFixture(withMoney);
    const signed = await signPermit(chain, stable, buyer, { spender: bank.address, value: 50n, deadline: far });
    await stable.connect(stranger).permit(buyer, bank, 50, far, ...signed);
    await stable.connect(bank).transferFrom(buyer, bank, 50);
    expect(await stable.balanceOf(bank)).to.equal(50n);
    await expect(stable.connect(bank).transferFrom(buyer, bank, 1))
      .to.be.revertedWithCustomError(stable, "ERC20InsufficientAllowance")
      .withArgs(bank, 0, 1);
  });
});
