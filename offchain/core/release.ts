/** Name and version of this release, as `farshore version` prints them and code hashes cover them. */
export const release = { name: "farshore", version: "0.1.0" } as const;
