/** Warum etwas an Vorschlägen, Stimmen, Regeln oder Menschen abgelehnt wird, und was zu tun ist. */
export const refusals = {
  refuse_kind: "Etwas von der Art „{kind}“ lässt sich nicht vorschlagen. Arten: {known}.",
  refuse_field: "{field}: {why} Bessere es aus und sende noch einmal.",
  why_missing: "das fehlt.",
  why_too_long: "das hat {chars} Zeichen; höchstens {most} passen.",
  why_no_model: "der Pool kennt kein Modell „{name}“. Er kennt: {known}.",
  why_no_model_at_all: "der Pool kennt kein Modell „{name}“ und auch noch kein anderes.",
  why_only_model:
    "{name} ist das einzige Modell: ohne es würde niemand bedient. Nimm zuerst ein anderes auf.",
  why_no_node: "der Pool kennt keinen Knoten „{name}“.",
  why_several_nodes: "{count} Knoten heißen so. Schreibe die Kennung des Schlüssels: {ids}.",
  why_number: "schreibe seine Nummer.",
  why_nothing_done:
    "Vorschlag {number} hat nichts in Kraft und auch nichts, das in Kraft treten soll.",
  why_setting: "wähle eine von diesen: {known}.",
  why_level: "diese Einstellung hat nur hier einen Wert: {levels}.",
  why_scope: "schreibe pool, community oder room.",
  why_whole_number: "schreibe eine ganze Zahl ab 1, oder „none“.",
  why_value: "schreibe: {write}.",
  why_more: "schreibe eine je Zeile: /ort = wert.",
  why_pool_opens: "das eröffnet der Pool selbst, nach einer Notmaßnahme.",
  why_options: "schreibe keine (dann gilt Ja oder Nein) oder mindestens zwei verschiedene.",
  why_options_full: "es sind schon {most}; mehr gehen nicht.",
  why_options_many: "schreibe höchstens {most}.",
  why_no_seats: "nur stv und stv-scottish besetzen Sitze; lass es weg.",
  why_seats: "bei {options} Optionen sind höchstens {most} zu besetzen.",
  refuse_same: "{why} Es gibt nichts zu entscheiden.",
  same_model_served: "{name} darf der Pool schon anbieten.",
  same_model_not_served: "{name} bietet der Pool nicht an.",
  same_node_works: "{name} darf schon für den Pool arbeiten.",
  same_node_barred: "{name} ist schon gesperrt.",
  same_setting: "{setting} ist schon: {value}.",
  same_option: "Das ist schon Option {option}.",
  refuse_invariant: "Das kann keine Abstimmung ändern. {why} /regeln zeigt, was sich ändern lässt.",
  floor: "Mindestens {floor} am Tag für jeden Menschen: alle werden bedient.",
  refuse_not_member:
    "Die Mitglieder des Pools entscheiden, und du bist noch keines. Bitte Mitglieder, für dich zu bürgen; /ich zeigt, wie viele es braucht.",
  refuse_not_steward: "Das dürfen nur Stewards. /regeln zeigt, wer sie sind.",
  refuse_not_moderator:
    "Eine Umfrage beginnt, wer den Ort moderiert. Du kannst stattdessen eine Frage vorschlagen: /vorschlagen question.",
  refuse_agent:
    "Angemeldete Agenten dürfen das nicht ({what}); der Mensch, der für sie einsteht, darf es.",
  agent_propose: "vorschlagen",
  agent_poll: "Umfragen machen",
  agent_option: "Optionen hinzufügen",
  agent_back: "Vorschläge unterstützen",
  agent_vouch: "bürgen",
  agent_declare: "Agenten anmelden",
  refuse_proposal_unknown: "Einen Vorschlag {number} gibt es nicht. /vorschläge zeigt alle.",
  refuse_too_many:
    "Du hast schon {open} offene Vorschläge. Warte, bis einer entschieden ist, oder ziehe einen zurück.",
  refuse_lately:
    "Das wurde vor Kurzem entschieden, in Vorschlag {number}. Wieder vorschlagen lässt es sich ab dem {at}.",
  refuse_state: "Das geht jetzt nicht: {what}. Stand des Vorschlags: {state}.",
  what_back: "unterstützen",
  what_option: "eine Option hinzufügen",
  what_edit: "ändern",
  what_edit_late: "in den letzten Stunden vor dem Ende ändern",
  what_edit_twice: "während der Abstimmung ein zweites Mal ändern",
  what_withdraw: "zurückziehen",
  what_object: "widersprechen",
  what_object_voted: "etwas widersprechen, über das ohnehin abgestimmt wird",
  what_hold: "anhalten",
  what_count: "die Auszählung mitnehmen",
  state_uncounted: "noch nicht ausgezählt",
  state_closing: "endet gleich",
  state_no_consent: "wird durch Abstimmung entschieden",
  state_held_already: "schon angehalten",
  state_not_waiting: "wartet nicht darauf, in Kraft zu treten",
  refuse_not_proposer: "Das darf nur, wer diesen Vorschlag gemacht hat.",
  refuse_method: "Eine Auszählung namens „{method}“ gibt es nicht. Wähle eine von diesen: {known}.",
  roll_nobody:
    "Darüber könnte noch niemand abstimmen: kein Mitglied ist lange genug dabei. Zuerst werden Mitglieder aufgenommen (/bürgen).",
  roll_only: "Das dürfen nur die, die über diesen Vorschlag abstimmen dürfen.",
  roll_agents:
    "Agenten stimmen unter den Erzeugenden ab, alle Agenten eines Menschen mit einer Stimme, und nur, wo dieser Mensch dort keinen Sitz hat.",
  roll_elsewhere: "Jetzt sind nur diese gefragt: {houses}.",
  roll_guest:
    "Wer abstimmen darf, stand mit dem Vorschlag fest, und du warst damals kein Mitglied. /ich zeigt den Weg.",
  roll_later:
    "Wer abstimmen darf, stand mit dem Vorschlag fest; du zählst bei Vorschlägen, die ab dem {day} gemacht werden.",
  roll_no_seat:
    "Wer abstimmen darf, stand mit dem Vorschlag fest, und in den Häusern, die hier entscheiden, hast du keinen Sitz.",
  open_later: "Die Abstimmung beginnt am {at}. Bis dahin wird über den Vorschlag gesprochen.",
  open_not: "Jetzt wird nicht abgestimmt. Stand des Vorschlags: {state}.",
  refuse_late:
    "Die Abstimmung endete am {at}, nach der Uhr des Pools. Diese Stimme kam zu spät und zählt nicht.",
  refuse_revision:
    "Der Vorschlag wurde geändert (jetzt Fassung {revision}), deshalb zählt diese Stimme nicht. Lies ihn noch einmal und stimme ab.",
  refuse_choice: "Diese Stimme lässt sich nicht zählen: {why}",
  choice_no_option: "eine Option {option} gibt es nicht. Optionen: {known}.",
  choice_twice: "sie nennt {option} zweimal.",
  choice_score: "{option} hat {score}; Punkte gehen von 0 bis {highest}.",
  choice_credits: "sie kostet {cost} Punkte, und du hast {credits}.",
  refuse_no_ballot: "Du hast in dieser Abstimmung keine Stimme abgegeben.",
  refuse_receipt: "Eine Stimme mit diesem Beleg steht nicht im Protokoll.",
  refuse_reason:
    "Die Stimme eines Agenten ist öffentlich und braucht eine Begründung. Sende eine mit.",
  refuse_code:
    "Dieser Code ist unbekannt, verbraucht oder abgelaufen. Hole mit /verbinden auf dem anderen Konto einen neuen.",
  refuse_code_tries:
    "Von diesem Konto kamen zu viele Codes, die nicht passten. Warte eine Stunde und versuche es wieder.",
  refuse_code_own: "Diese Konten gehören schon demselben Menschen. Es gibt nichts zu verbinden.",
  refuse_only_account: "Dieses Konto steht allein: es gibt nichts zu trennen.",
  refuse_link_agent:
    "Das Konto eines Agenten bleibt von dem des Menschen getrennt, der für ihn einsteht.",
  vouch_agent: "Ein angemeldeter Agent wird nicht Mitglied.",
  vouch_self: "Für sich selbst bürgt niemand.",
  vouch_already: "Dieser Mensch ist schon Mitglied.",
  vouch_new: "Bürgen darf, wer lange genug Mitglied ist: {time}.",
  vouch_spent:
    "Du hast in der letzten Zeit ({time}) schon {times} gebürgt; mehr darf ein Mitglied nicht.",
  refuse_agent_taken:
    "Dieses Konto kann nicht als Agent angemeldet werden: es ist schon einer, oder es gehört einem Mitglied.",
  refuse_emergency_unknown: "Eine solche Notmaßnahme gibt es nicht.",
  emergency_again:
    "Eine solche Maßnahme ist aus denselben Gründen schon abgelaufen und wird nicht erneuert. Schlage sie den Mitgliedern vor.",
  emergency_there: "Zu {name} gibt es schon eine solche Maßnahme. {state}",
  emergency_state: "Diese Maßnahme lässt sich nicht mehr bestätigen. {state}",
  emergency_other: "Es braucht einen zweiten Steward, und zwar einen anderen Menschen.",
  emergency_slow: "Sie wurde nicht rechtzeitig bestätigt. Beginne sie neu.",
  emergency_only_model:
    "{name} ist das einzige Modell: ohne es würde niemand bedient (alle werden bedient, das steht fest).",
  emergency_no_model: "Der Pool kennt kein Modell „{name}“.",
  emergency_no_account: "Der Pool kennt kein Konto „{name}“.",
  refuse_rules: "Eine Fassung {version} der Regeln gibt es nicht.",
} as const;
