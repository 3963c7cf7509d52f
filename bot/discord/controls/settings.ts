import { createHash } from "node:crypto";
import type { APIComponentInLabel } from "discord.js";
import type { PoolModels } from "../../../protocol/wire/http.ts";
import { fitsPolicy, type PolicyEntry } from "../../../protocol/wire/policy.ts";
import { changeSetting } from "../../commands/pool-settings.ts";
import { readSetting, type TypedSetting } from "../../commands/setting-text.ts";
import { type CommunityKey, isCommunityKey, titleOf } from "../../views/community/settings.ts";
import { errorNotice } from "../../views/notice.ts";
import { LANGUAGES, type Words, wordsFor } from "../../words/catalogue.ts";
import { poolIds } from "../desk.ts";
import type { Control, ControlTools } from "./control.ts";
import { answerOf, formOf, listField, placesField, textField } from "./form.ts";
import { inTime } from "./in-time.ts";

/** In lists: the value that stands for null. */
const NONE = "none";
const MOST_PLACES = 25;

/** `/pool settings`: choose a setting from the card's list, see what holds in a form, save it. */
export const settingsChooser: Control = {
  prefix: "settings",
  async select({ desk, replies, context }, interaction) {
    const [key = ""] = interaction.values;
    if (!isCommunityKey(key)) return;
    const words = wordsFor(interaction.locale);
    const { community } = await context(interaction, words);
    const seen = await inTime(
      Promise.all([
        desk.pool.policy(community),
        key === "default_model" ? desk.pool.models() : null,
      ]),
    );
    const entry = seen?.[0].entries.find((one) => one.key === key);
    await replies.openModal(
      interaction,
      formOf({
        customId: `set:${key}:${entry ? marked(entry.value) : ""}`,
        title: titleOf(key, words),
        label: titleOf(key, words),
        hint: words[`setting_${key}_means`],
        field: fieldOf(key, entry?.value, seen?.[1] ?? null, words),
      }),
    );
  },
};

/** The form of one setting, sent. */
export const settingForm: Control = {
  prefix: "set",
  async form(tools: ControlTools, interaction, rest) {
    const place = await tools.replies.acknowledge(interaction, "privately");
    await tools.replies.guarded(interaction, place, false, async (words) => {
      const [key = "", mark = ""] = rest.split(":");
      if (!isCommunityKey(key)) return errorNotice("unknown_button", words.button_gone);
      const context = await tools.context(interaction, words);
      const typed = typedIn(key, answerOf(interaction), words, context.names);
      const isSeen = ({ value }: PolicyEntry) => mark === "" || marked(value) === mark;
      const outcome = await changeSetting(context, key, typed, isSeen);
      tools.desk.languages.forget(context.community);
      return tools.show(place, words, outcome);
    });
  },
};

/** A value's mark: the form carries it, so that a change made meanwhile is noticed. */
function marked(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}

function fieldOf(
  key: CommunityKey,
  value: unknown,
  models: PoolModels | null,
  words: Words,
): APIComponentInLabel {
  const ids = (list: unknown) =>
    (Array.isArray(list) ? list : []).map((id) => String(id).replace(/^discord:/, ""));
  switch (key) {
    case "channels_allowed":
      return placesField("room", ids(value), MOST_PLACES);
    case "report_room":
    case "votes_room":
      return placesField("room", ids(typeof value === "string" ? [value] : []), 1);
    case "may_ask":
      return placesField("role", ids((value as { roles?: unknown } | null)?.roles), MOST_PLACES);
    case "moderator_roles":
      return placesField("role", ids(value), MOST_PLACES);
    case "privacy":
      return listField(
        (["own", "trusted", "open"] as const).map((one) => ({
          value: one,
          label: words[`value_${one}`],
          chosen: one === value,
        })),
      );
    case "language":
      return listField([
        { value: NONE, label: words.value_own_language, chosen: value === null },
        ...LANGUAGES.map((tag) => ({
          value: tag,
          label: new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag,
          chosen: tag === value,
        })),
      ]);
    case "default_model": {
      if (models === null || models.models.length > 24) {
        return textField({ value: String(value ?? ""), required: false, maxLength: 200 });
      }
      return listField([
        { value: NONE, label: words.value_best_model, chosen: value === null },
        ...models.models.map(({ sha256, name }) => ({
          value: sha256,
          label: name,
          chosen: value === sha256 || value === name,
        })),
      ]);
    }
    case "system_prompt":
      return textField({
        value: String(value ?? ""),
        long: true,
        required: false,
        maxLength: 4000,
      });
    case "quota_per_day":
    case "retention_days":
      return textField({ value: String(value ?? ""), required: false, maxLength: 9 });
  }
}

/** What was chosen or typed; nothing at all means no limit, everybody, every room. */
function typedIn(
  key: CommunityKey,
  answer: readonly string[],
  words: Words,
  names: Parameters<typeof readSetting>[3] | undefined,
): TypedSetting {
  const value = (given: unknown): TypedSetting =>
    fitsPolicy(key, given) ? { kind: "value", value: given } : null;
  const roles = () => answer.map((id) => poolIds.role(id));
  switch (key) {
    case "channels_allowed":
      return value(answer.length === 0 ? null : answer.map((id) => poolIds.room(id)));
    case "report_room":
    case "votes_room":
      return value(answer[0] === undefined ? null : poolIds.room(answer[0]));
    case "may_ask":
      return value(answer.length === 0 ? "everyone" : { roles: roles() });
    case "moderator_roles":
      return value(roles());
    default: {
      const text = answer[0]?.trim() ?? "";
      if (text === "" || text === NONE) return value(null);
      if (names === undefined) return null;
      return readSetting(key, text, words, names);
    }
  }
}
