// Whom a proposal is about: what people type becomes the pool's id, and what the pool writes becomes a name.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Names } from "../../bot/commands/command.ts";
import { withAccounts, withNames } from "../../bot/governance/account-names.ts";
import { proposalsCard } from "../../bot/views/governance/proposals.ts";
import { ENGLISH } from "../../bot/words/catalogue.ts";

const id = "discord:123456789012345678";
const names: Names = {
  nameOf: (kind, one) => (kind === "account" && one === id ? "Cleo" : one),
  idOf: (kind, typed) => (kind === "account" && typed === "@Cleo" ? id : null),
};

it("a member named in a form is the account that the name means here; anything else stays as typed", () => {
  assert.deepEqual(withAccounts({ member: " @Cleo " }, names), { member: id });
  assert.deepEqual(withAccounts({ member: "matrix:@dan:example.org" }, names), {
    member: "matrix:@dan:example.org",
  });
  assert.deepEqual(withAccounts({ text: "@Cleo" }, names), { text: "@Cleo" });
});

it("a title that names an account is read with the name that the door knows", () => {
  assert.equal(withNames(`${id} becomes a steward.`, names), "Cleo becomes a steward.");
  const title = `${id} is a steward no more`;
  const { sections, menus } = proposalsCard(
    {
      proposals: [
        {
          ...{ number: 7, kind: "steward.recall", title, state: "talk", stateWords: "talked over" },
          ...{ binding: true, nextAt: null },
        },
      ],
    },
    ENGLISH,
    names,
  );
  assert.match(sections[0]?.rows[0]?.detail ?? "", /^Cleo is a steward no more/);
  assert.equal(menus?.[0]?.choices[0]?.label, "7 Cleo is a steward no more");
});
