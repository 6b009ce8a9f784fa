import { readFileSync } from "node:fs";
import { expect } from "chai";
import { release } from "../../../offchain/core/release.ts";

describe("release", () => {
  it("has the name and version of package.json", () => {
    const { name, version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    expect(release).to.deep.equal({ name, version });
  });
});
