import type { EmergencyView } from "../../../protocol/wire/governance.ts";
import { emergenciesCard, emergencyCard } from "../../views/governance/emergencies.ts";
import { linkCodeCard, linkedCard } from "../../views/governance/links.ts";
import { rulesCard } from "../../views/governance/rules.ts";
import { errorNotice, infoNotice } from "../../views/notice.ts";
import { sanitiseLine } from "../../views/text/sanitise.ts";
import type { CardView } from "../../views/view.ts";
import {
  actorOf,
  type Command,
  type CommandContext,
  namesOf,
  privately,
  wordsOf,
} from "../command.ts";
import { placeOf } from "./place.ts";

/** The constitution in plain words. */
export const rules: Command = {
  name: "rules",
  summary: "The rules everybody here decides by, in plain words",
  options: [],
  async run(context) {
    return privately(rulesCard(await context.pool.rules(), wordsOf(context), namesOf(context)));
  },
};

/** Makes two accounts one person: a code here, given there. */
export const link: Command = {
  name: "link",
  summary: "Join your accounts: get a code here, give it on the other side",
  options: [{ name: "code", summary: "The code shown there", type: "text", required: false }],
  async run(context, values) {
    const words = wordsOf(context);
    const actor = actorOf(context);
    const code = values.code?.trim() ?? "";
    if (code === "") return privately(linkCodeCard(await context.pool.linkCode(actor), words));
    return privately(linkedCard(await context.pool.redeemLink(actor, code.slice(0, 60)), words));
  },
};

/** Takes an account out of a person's. */
export const unlink: Command = {
  name: "unlink",
  summary: "Take an account out of those linked with yours",
  options: [{ name: "account", summary: "Which; empty: this one", type: "text", required: false }],
  async run(context, values) {
    const account = values.account?.trim() || undefined;
    return privately(
      linkedCard(await context.pool.unlink(actorOf(context), account), wordsOf(context)),
    );
  },
};

/** Says that an account is a person one knows. */
export const vouch: Command = {
  name: "vouch",
  summary: "Say that somebody is a person you know here",
  options: [{ name: "account", summary: "Who", type: "text", required: true }],
  async run(context, values) {
    const typed = values.account?.trim() ?? "";
    const account = namesOf(context).idOf("account", typed) ?? typed;
    const outcome = await context.pool.vouch(actorOf(context), account);
    const told = outcome.words.replaceAll(
      outcome.account,
      namesOf(context).nameOf("account", account),
    );
    return privately(infoNotice("vouched", sanitiseLine(told, 500)));
  },
};

/** A private reminder before votes close. */
export const remind: Command = {
  name: "remind",
  summary: "A private reminder a day before a vote closes: on or off",
  options: [{ name: "switch", summary: "on or off", type: "text", required: true }],
  async run(context, values) {
    const words = wordsOf(context);
    const asked = values.switch?.trim().toLowerCase() ?? "";
    if (asked !== "on" && asked !== "off") {
      return privately(errorNotice("no_switch", words.gov_need_switch));
    }
    const { on } = await context.pool.remind(actorOf(context), asked === "on");
    return privately(
      infoNotice("reminders", on ? words.gov_reminders_on : words.gov_reminders_off),
    );
  },
};

/** Two stewards suspend a node, a model or a member; everybody sees it. */
export const emergency: Command = {
  name: "emergency",
  summary: "Stewards: suspend a node, model or member for 72 hours; two are needed",
  options: [
    {
      name: "subject",
      summary: "node, model, member; second; list",
      type: "first",
      required: false,
    },
    { name: "details", summary: "Who or which | reason", type: "text", required: false },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const subject = values.subject?.trim().toLowerCase() ?? "list";
    const details = values.details?.trim() ?? "";
    if (subject === "list") {
      return privately(emergenciesCard(await context.pool.emergencies(), words));
    }
    if (subject === "second" && details !== "") {
      const act = await context.pool.secondEmergency(details, actorOf(context));
      return privately(emergencyCard(act, words));
    }
    const [typed = "", ...rest] = details.split("|");
    const reason = rest.join("|").trim();
    const known = subject === "node" || subject === "model" || subject === "member";
    if (!known || typed.trim() === "" || reason === "") {
      return privately(errorNotice("emergency_incomplete", words.gov_need_emergency));
    }
    const id =
      subject === "member"
        ? (namesOf(context).idOf("account", typed.trim()) ?? typed.trim())
        : typed.trim();
    const act = await context.pool.emergency({
      actor: actorOf(context),
      place: placeOf(context),
      subject,
      id,
      reason: reason.slice(0, 1000),
    });
    return {
      ...privately(emergencyCard(act, words)),
      // The other stewards find the button where everybody reads of the act.
      elsewhere: {
        room: context.parentRoom ?? context.room,
        view: await publicCard(act, context),
      },
    };
  },
};

/** In the place's language, which need not be the steward's. */
async function publicCard(act: EmergencyView, context: CommandContext): Promise<CardView> {
  const words = context.publicWords ?? wordsOf(context);
  if (words.locale === wordsOf(context).locale) return emergencyCard(act, words);
  const { emergencies } = await context.pool.speaking(words.locale).emergencies();
  return emergencyCard(emergencies.find(({ id }) => id === act.id) ?? act, words);
}
