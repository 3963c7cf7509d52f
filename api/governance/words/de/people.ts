/** Was ein Mensch hier ist, Verbindungen zwischen Konten, Notmaßnahmen. */
export const people = {
  me_guest:
    "Du bist zu Gast: du kannst fragen, aber nicht abstimmen. Mitglied wirst du durch Bürgschaft (/bürgen); nötig: {members}.",
  me_guest_founding:
    "Du bist zu Gast: du kannst fragen, aber nicht abstimmen. Bürgt ein Steward oder die Moderation für dich (/bürgen), bist du Mitglied.",
  me_waiting: "Du bist Mitglied. Bei Vorschlägen, die ab dem {day} gemacht werden, zählst du mit.",
  me_member: "Du bist Mitglied: ein Mensch, eine Stimme.",
  me_producer: "Du hast einen Sitz im Haus der Erzeugenden.",
  me_no_node: "Du betreibst hier keinen Knoten.",
  me_too_little:
    "Deine Knoten haben für einen Sitz im Haus der Erzeugenden noch nicht genug getan, oder noch nicht lange genug.",
  vouch_member: "{account} ist jetzt Mitglied.",
  vouch_kept: "Deine Bürgschaft für {account} ist vermerkt; es fehlen noch: {missing}.",
  link_code:
    "Sende /verbinden {code} innerhalb von {minutes} Minuten privat von deinem anderen Konto aus. Wer den Code sendet, wird derselbe Mensch wie du: zeige ihn niemandem.",
  linked: "Diese Konten ({accounts}) sind jetzt ein Mensch: eine Stimme, eine Mitgliedschaft.",
  linked_ballots: "Beide hatten abgestimmt: {proposals}. Die spätere Stimme zählt.",
  unlinked:
    "{account} steht jetzt allein. Mitgliedschaft, Knoten und Stimmen bleiben bei {accounts}.",

  "act_awaiting-second": "Wartet auf einen zweiten Steward.",
  "act_in-force": "In Kraft; endet am {at}, wenn die Mitglieder es nicht bestätigen.",
  act_ratified: "Von den Mitgliedern bestätigt; es bleibt, bis sie es aufheben.",
  act_lapsed: "Abgelaufen: die Mitglieder haben es nicht rechtzeitig bestätigt.",
  act_expired: "Nie in Kraft: kein zweiter Steward hat rechtzeitig zugestimmt.",
  act_ended: "Vorbei.",
} as const;
