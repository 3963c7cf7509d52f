/** Warum Vorschläge, Stimmen, Verbindungen und Einladungen abgelehnt werden, auf Deutsch. */
export const refusals: Readonly<Record<string, string>> = {
  invite_community_needed:
    "Ein Rechner ist „{1}“ für eine Gemeinschaft: nenne die Gemeinschaft, oder lade ihn als offen ein.",
  invite_used:
    "Diese Einladung ist verbraucht; sie zurückzunehmen ändert nichts. Sperre stattdessen den Knoten.",
  suspended:
    "Zwei Stewards haben dieses Mitglied ausgesetzt. Das ist öffentlich und endet von selbst, wenn die Mitglieder es nicht bestätigen: im Vorschlag dazu kannst du abstimmen oder widersprechen.",
};
