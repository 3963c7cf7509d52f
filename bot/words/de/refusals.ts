/** Warum Vorschläge, Stimmen, Verbindungen und Einladungen abgelehnt werden, auf Deutsch. */
export const refusals: Readonly<Record<string, string>> = {
  agent_may_not: "Angemeldete Agenten dürfen das nicht; der Mensch, der für sie einsteht, darf es.",
  agent_taken:
    "Dieses Konto kann nicht als Agent angemeldet werden: es ist schon einer, oder es gehört einem Mitglied.",
  code_own: "Diese Konten gehören schon demselben Menschen. Es gibt nichts zu verbinden.",
  code_tries:
    "Von diesem Konto kamen zu viele Codes, die nicht passten. Warte eine Stunde und versuche es wieder.",
  code_wrong:
    "Dieser Code ist unbekannt, verbraucht oder abgelaufen. Hole mit /verbinden auf dem anderen Konto einen neuen.",
  emergency_unknown: "Eine solche Notmaßnahme gibt es nicht.",
  invariant: "Das kann keine Abstimmung ändern. /regeln zeigt, was sich ändern lässt.",
  invite_community_needed:
    "Ein Rechner ist „{1}“ für eine Gemeinschaft: nenne die Gemeinschaft, oder lade ihn als offen ein.",
  invite_used:
    "Diese Einladung ist verbraucht; sie zurückzunehmen ändert nichts. Sperre stattdessen den Knoten.",
  kind_unknown:
    "Etwas von der Art „{1}“ lässt sich nicht vorschlagen. /vorschlagen zeigt, was geht.",
  link_agent: "Das Konto eines Agenten bleibt von dem des Menschen getrennt, der für ihn einsteht.",
  method_unknown: "Eine Auszählung namens „{1}“ gibt es nicht. Wähle eine aus der Liste.",
  no_ballot: "Du hast in dieser Abstimmung keine Stimme abgegeben.",
  not_member:
    "Die Mitglieder des Pools entscheiden, und du bist noch keines. Bitte Mitglieder, für dich zu bürgen; /ich zeigt, wie viele es braucht.",
  not_proposer: "Das darf nur, wer diesen Vorschlag gemacht hat.",
  not_steward: "Das dürfen nur Stewards. /regeln zeigt, wer sie sind.",
  only_account: "Dieses Konto steht allein: es gibt nichts zu trennen.",
  proposal_unknown: "Einen Vorschlag {1} gibt es nicht. /vorschläge zeigt alle.",
  reason_needed:
    "Die Stimme eines Agenten ist öffentlich und braucht einen Grund. Sende einen mit.",
  revision_changed:
    "Der Vorschlag wurde geändert (jetzt Fassung {1}), deshalb zählt diese Stimme nicht. Lies ihn noch einmal und stimme ab.",
  rules_unknown: "Eine Fassung {1} der Regeln gibt es nicht.",
  suspended:
    "Zwei Stewards haben dieses Mitglied ausgesetzt. Das ist öffentlich und endet von selbst, wenn die Mitglieder es nicht bestätigen: im Vorschlag dazu kannst du abstimmen oder widersprechen.",
  too_many_open:
    "Du hast schon {1} offene Vorschläge. Warte, bis einer entschieden ist, oder ziehe einen zurück.",
  tried_lately:
    "Das wurde vor Kurzem entschieden, in Vorschlag {1}. Wieder vorschlagen lässt es sich ab {2}.",
  vote_closed:
    "Die Abstimmung endete um {1}, nach der Uhr des Pools. Diese Stimme kam zu spät und zählt nicht.",
  wrong_state:
    "So weit ist der Vorschlag noch nicht, oder er ist schon weiter. Sieh ihn dir noch einmal an.",
};
