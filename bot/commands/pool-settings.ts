import type { PolicyEntry } from "../../protocol/wire/policy.ts";
import { PoolError } from "../pool/errors.ts";
import {
  COMMUNITY_KEYS,
  type CommunityKey,
  isCommunityKey,
  settingsCard,
  titleOf,
  valueInWords,
} from "../views/community/settings.ts";
import { errorNotice, infoNotice } from "../views/notice.ts";
import { filled } from "../words/catalogue.ts";
import {
  actorOf,
  type Command,
  type CommandContext,
  namesOf,
  type Outcome,
  privately,
  wordsOf,
} from "./command.ts";
import { nameIn } from "./names.ts";
import { readSetting, type TypedSetting } from "./setting-text.ts";

/** Shows what holds in a community and who set it, or changes one setting. */
export const poolSettings: Command = {
  name: "pool settings",
  summary: "For moderators: what holds in this community, and who set it",
  options: [
    {
      name: "setting",
      summary: "The setting to change",
      type: "first",
      required: false,
      choices: COMMUNITY_KEYS.map((key) => ({ value: key, word: `setting_${key}` as const })),
    },
    { name: "value", summary: "Its new value", type: "text", required: false },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const wanted = values.setting?.toLowerCase() ?? "";
    if (wanted === "") {
      const { entries } = await context.pool.policy(context.community);
      const command = nameIn(words, poolSettings);
      return privately(settingsCard(entries, command, words, namesOf(context)));
    }
    const key = COMMUNITY_KEYS.find(
      (one) => one === wanted || titleOf(one, words).toLowerCase() === wanted,
    );
    if (key === undefined || !isCommunityKey(key)) {
      const all = COMMUNITY_KEYS.join(", ");
      const text = filled(words.settings_unknown, { setting: wanted.slice(0, 60), all });
      return privately(errorNotice("unknown_setting", text));
    }
    const typed = readSetting(key, values.value ?? "", words, namesOf(context));
    return changeSetting(context, key, typed);
  },
};

/**
 * Changes one setting. `seen`: the value the person looked at; where another holds by now nothing is changed and
 * they are told. Absent: what holds is looked at first, so that a voted one is refused with its proposal.
 */
export async function changeSetting(
  context: CommandContext,
  key: CommunityKey,
  typed: TypedSetting,
  isSeen: (entry: PolicyEntry) => boolean = () => true,
): Promise<Outcome> {
  const words = wordsOf(context);
  const names = namesOf(context);
  const setting = titleOf(key, words);
  const told = (value: unknown) => valueInWords(key, value, words, names);
  if (typed === null) {
    const write = words[`setting_${key}_write`];
    const text = filled(words.settings_bad_value, { setting, write });
    return privately(errorNotice("policy_value", text));
  }
  const before = await entryOf(context, key);
  if (before?.setBy?.kind === "vote" && !before.open) {
    const proposal = String(before.setBy.proposal);
    const text = filled(words.settings_voted, { setting, proposal });
    return privately(errorNotice("policy_voted", text));
  }
  const stale = async () => {
    const value = told((await entryOf(context, key))?.value ?? null);
    const text = filled(words.settings_stale, { setting, value });
    return privately(errorNotice("policy_stale", text));
  };
  if (before && !isSeen(before)) return stale();
  try {
    const { entries } = await context.pool.changePolicy(context.community, {
      actor: actorOf(context),
      changes: typed.kind === "value" ? { [key]: typed.value } : {},
      ...(typed.kind === "unset" ? { unset: [key] } : {}),
      ...(before ? { expected: { [key]: before.value } } : {}),
    });
    const value = told(entries.find((entry) => entry.key === key)?.value ?? null);
    return privately(infoNotice("changed", filled(words.settings_changed, { setting, value })));
  } catch (error) {
    if (error instanceof PoolError && error.code === "policy_stale") return stale();
    throw error;
  }
}

async function entryOf(context: CommandContext, key: string): Promise<PolicyEntry | undefined> {
  const { entries } = await context.pool.policy(context.community);
  return entries.find((entry) => entry.key === key);
}
