import { expect } from "chai";
import { connect } from "../chain.ts";
import { deployPlatform } from "../platform.ts";

// A token with fees on transfer. Actor: whoever deposits, if a market was deployed with such a token. Cost: none. Victim: who
// withdraws last: what the fees took of every deposit is missing from it. Bound: 0, for a deposit that is not received in
// full is refused.

const chain = await connect();
const [first, second] = [chain.signer(6), chain.signer(7)];

async function withFees() {
  const { incentive } = await deployPlatform(chain);
  const token = await chain.deploy("FeeToken", [first.address, 2000n]);
  const escrow = await chain.deploy("BrokenEscrow", [token, incentive]);
  await token.connect(first).transfer(second, 1000n);
  const held: bigint = await token.balanceOf(second);
  for (const holder of [first, second]) await token.connect(holder).approve(escrow, 2000n);
  return { token, escrow, held };
}

describe("Attack by a token that keeps a part of every transfer", () => {
  it("is refused at the deposit", async () => {
    const { escrow } = await chain.loadFixture(withFees);
    await expect(escrow.connect(first).deposit(900n))
      .to.be.revertedWithCustomError(escrow, "Escrow_AmountNotReceived")
      .withArgs(899n, 900n);
  });

  it("without the measure leaves the last holder without its money: the first took it out", async () => {
    const { escrow, token, held } = await chain.loadFixture(withFees);
    await escrow.connect(first).depositUnmeasured(900n);
    await escrow.connect(second).depositUnmeasured(held);
    await escrow.connect(first).withdraw(900n, 0n);
    const left: bigint = await token.balanceOf(escrow);
    expect(held - left, "the fees of both deposits").to.equal(2n);
    await expect(escrow.connect(second).withdraw(held, 0n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(escrow, left, held);
  });
});
