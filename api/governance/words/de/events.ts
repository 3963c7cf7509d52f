/** Was Räumen und Mitgliedern gesagt wird. */
export const events = {
  event_proposed: "Vorschlag {number}: {title}.",
  event_card_missing: "Vorschlag {number} hat in diesem Raum noch keine Karte.",
  event_seconded:
    "Vorschlag {number} hat genug Unterstützung ({needed}). Die Abstimmung beginnt am {at}.",
  event_option: "Vorschlag {number} hat eine weitere Option, {option}: {title}.",
  event_edited:
    "Vorschlag {number} wurde geändert (Fassung {revision}): {title}. Abgestimmt hatte noch niemand.",
  event_edited_voted:
    "Vorschlag {number} wurde geändert (Fassung {revision}): {title}. Stimmen zum alten Text zählen nicht; bitte stimme noch einmal ab.",
  event_withdrawn: "Vorschlag {number} wurde zurückgezogen.",
  event_dropped:
    "Vorschlag {number} ist verfallen: zu wenige haben ihn rechtzeitig unterstützt (nötig: {needed}).",
  event_vote: "Die Abstimmung über Vorschlag {number} läuft bis zum {at}: {title}.",
  event_extended_turnout:
    "Die Abstimmung über Vorschlag {number} dauert bis zum {at}: kurz vor dem Ende kamen die nötigen Stimmen zusammen.",
  event_extended_lead:
    "Die Abstimmung über Vorschlag {number} dauert bis zum {at}: kurz vor dem Ende hat die Führung gewechselt.",
  event_reminder:
    "Die Abstimmung über Vorschlag {number} endet am {at}: {title}. Du hast noch nicht abgestimmt.",
  event_ratify:
    "Vorschlag {number}: die Mitglieder haben {option} gewählt ({title}). Die Erzeugenden sagen dazu bis zum {at} Ja oder Nein.",
  event_closed: "Vorschlag {number}: {result}",
  event_head: "Stimmenprotokoll von Vorschlag {number}: {entries}, Kopf {head}.",
  event_held:
    "Vorschlag {number} ist angehalten, weil genug Menschen warten wollen ({have}). Er tritt am {at} in Kraft, wenn die Mitglieder ihn nicht vorher rückgängig machen (/vorschlagen revert {number}).",
  event_in_effect: "Vorschlag {number} ist jetzt in Kraft: {title}.",
  event_stale: "Vorschlag {number} wurde angenommen, ist aber überholt; es geschah nichts: {why}.",
  event_reverted: "Vorschlag {number} wurde durch Vorschlag {by} rückgängig gemacht.",
  event_suspend_asked:
    "Ein Steward möchte {subject} aussetzen (Dauer: {time}): {reason}. Ein zweiter Steward muss zustimmen.",
  event_suspended:
    "Zwei Stewards ({first}, {second}) haben {subject} bis zum {at} ausgesetzt: {reason}. Dann endet es, wenn die Mitglieder es nicht in Vorschlag {number} bestätigen.",
  event_suspension_kept: "Die Mitglieder lassen {subject} ausgesetzt, bis sie es aufheben.",
  event_suspension_over:
    "Die Aussetzung ist vorbei, für {subject}: die Mitglieder haben sie nicht rechtzeitig bestätigt.",
  event_admitted:
    "Du bist jetzt Mitglied; bei Vorschlägen, die ab dem {day} gemacht werden, zählst du mit.",
  event_admitted_founding: "Du bist jetzt Mitglied, aufgenommen in der Gründungszeit.",
  event_merged:
    "Zwei deiner Konten hatten über Vorschlag {number} abgestimmt. Die spätere Stimme (Beleg {kept}) zählt, die frühere (Beleg {dropped}) nicht.",
  event_founding_over:
    "Die Gründungszeit ist vorbei: der Pool hat {members}, und seine Regeln gelten ganz.",

  result_asked: "Gefragt war: {title}.",
  result_members: "Mitglieder: {ballots} von {size} haben abgestimmt.",
  result_producers: "Erzeugende: {ballots} von {size} haben abgestimmt.",
  result_abstained: "Enthaltungen: {abstained}.",
  result_option: "{option} ({title}): {for} dafür, {against} dagegen.",
  result_option_missed: "{option} ({title}): {for} dafür, {against} dagegen; {missed}.",
  missed_quorum: "Stimmen dafür: {had}, nötig: {needed}",
  missed_ratio: "nötig und nicht erreicht: {enough}",
  result_tie:
    "Ein Gleichstand ({place}: {options}) wurde durch das Los entschieden, mit dem veröffentlichten Startwert: {chosen}.",
  tie_first: "erster Platz",
  tie_runoff: "Stichwahl",
  tie_finalist: "Platz im Finale",
  tie_round: "Ausscheiden in Runde {number}",
  tie_nobody: "niemand",
  result_passed: "Angenommen: {title}.",
  result_passed_seats: "Angenommen.",
  result_advice: "Das bindet nicht.",
  result_elected: "Besetzte Sitze: {filled} von {seats}. Gewählt: {who}.",
  result_nobody: "Niemand hat abgestimmt: alles bleibt, wie es ist.",
  result_yes: "Die Antwort ist Ja. Das bindet nicht.",
  result_no: "Die Antwort ist Nein. Das bindet nicht.",
  result_most: "Am beliebtesten: {title}. Das bindet nicht.",
  result_rejected: "Abgelehnt: alles bleibt, wie es ist.",
  result_effect:
    "Der Beschluss tritt am {at} in Kraft. Bis dahin kann ein Haus ihn anhalten (nötig: {people}).",
  result_again: "Wieder vorschlagen lässt es sich ab dem {at}.",
} as const;
