/** Was auf der Karte eines Vorschlags steht. */
export const card = {
  "state_seeking-sponsors": "sucht Unterstützung",
  state_talk: "in der Aussprache",
  state_voting: "in der Abstimmung",
  state_ratifying: "von den Mitgliedern gewählt, wartet auf das Ja oder Nein der Erzeugenden",
  state_counting: "beendet, wird ausgezählt",
  state_rejected: "abgelehnt",
  state_locked: "angenommen, noch nicht in Kraft",
  state_held: "angenommen, angehalten",
  "state_in-effect": "in Kraft",
  state_stale:
    "angenommen, aber überholt: was sich ändern sollte, hatte sich inzwischen geändert; deshalb geschah nichts",
  state_reverted: "rückgängig gemacht",
  state_answered: "beantwortet",
  state_withdrawn: "zurückgezogen",
  "state_not-seconded": "verfallen: zu wenige haben ihn unterstützt",

  binding_advisory: "Ein Rat: von selbst ändert sich nichts.",
  binding_question: "Bindend für die Gemeinschaft; von selbst ändert der Pool nichts.",
  binding_effect: "Bindend: wird er angenommen, tritt er von selbst in Kraft.",
  secrecy_open: "Offen: namentlich. Alle sehen von der ersten Stimme an, wer wie abstimmt.",
  secrecy_sealed:
    "Verdeckt: Stimmen werden verschlüsselt, und vor dem Ende bekommt niemand einen Zwischenstand zu sehen; danach werden sie ohne Namen veröffentlicht, die angemeldeter Agenten mit Namen und Begründung. Wer den Server dieses Pools betreibt, könnte nachsehen, und die Chat-Plattform sieht, was du sendest.",
  secrecy_weights:
    "Im Haus der Erzeugenden steht bei jeder Stimme ihr Gewicht; daran lässt sich mitunter erkennen, von wem sie ist.",

  seats: { one: "{n} Sitz", other: "{n} Sitze" },
  seats_members: { one: "{n} Sitz der Mitglieder", other: "{n} Sitze der Mitglieder" },
  seats_producers: { one: "{n} Sitz der Erzeugenden", other: "{n} Sitze der Erzeugenden" },
  seats_quorum: "{seats}; nötige Stimmen dafür: {quorum}",
  who: "{seats}, Stand vom {day}; jeder Mensch hat eine Stimme, mit allen verbundenen Konten zusammen.",

  rule_consent:
    "Nach der Aussprache angenommen, wenn nicht genug mit Begründung widersprechen ({producers} oder {members}); sonst wird abgestimmt.",
  rule_passes:
    "Angenommen bei {enough}, mindestens aber {quorums} (Enthaltungen zählen für keine Seite).",
  rule_passes_both:
    "Angenommen bei {enough} in jedem Haus, mindestens aber {quorums} (Enthaltungen zählen für keine Seite).",
  rule_quorum_members: {
    one: "{n} Stimme dafür von den Mitgliedern",
    other: "{n} Stimmen dafür von den Mitgliedern",
  },
  rule_quorum_producers: {
    one: "{n} Stimme dafür von den Erzeugenden",
    other: "{n} Stimmen dafür von den Erzeugenden",
  },
  rule_ratify:
    "Die Mitglieder wählen; danach sagen die Erzeugenden Ja oder Nein und haben dafür {time}.",
  rule_advice_yes: "Ein Ja sind mehr Stimmen dafür als dagegen; ein Quorum gibt es nicht.",
  rule_advice_most: "Genannt wird, was am beliebtesten ist; ein Quorum gibt es nicht.",

  object_advice:
    "Sage es im Thread, oder stimme mit einer Begründung ab: Begründungen stehen beim Ergebnis.",
  object_consent: "Widersprich während der Aussprache (/vorschlag {number} object, dann warum).",
  object_talk:
    "Sage es im Thread, füge während der Aussprache eine Option hinzu, stimme mit Begründung dagegen.",
  object_lock:
    "Wird der Vorschlag angenommen, tritt er {time} später in Kraft. Bis dahin kann ein Haus ihn anhalten (/vorschlag {number} hold; nötig: {people}), und auch danach lässt er sich rückgängig machen (/vorschlagen revert {number}).",
  object_at_once:
    "Wird der Vorschlag angenommen, tritt er sofort in Kraft; danach lässt er sich rückgängig machen (/vorschlagen revert {number}).",

  method_majority: "Ja oder Nein zu einer Änderung.",
  method_approval: "Zustimmung: es gewinnt, womit die meisten leben könnten.",
  method_score: "Punkte: die höchste Punktsumme gewinnt.",
  method_star:
    "STAR: die beiden mit den meisten Punkten treten gegeneinander an; wen mehr Leute höher bewerten, gewinnt.",
  "method_majority-judgment": "Mehrheitsurteil: der beste Median der Bewertungen gewinnt.",
  method_quadratic: "Quadratisches Abstimmen: v Stimmen für eine Option kosten v × v Punkte.",
  method_irv:
    "Stichwahl in Runden: die letzte Option scheidet aus, eine nach der anderen, bis eine die Mehrheit hat.",
  method_borda: "Borda: Punkte nach Plätzen.",
  method_copeland: "Copeland: die meisten gewonnenen Zweikämpfe.",
  method_schulze:
    "Schulze: je zwei Optionen werden verglichen; die stärkste Kette von Mehrheiten entscheidet.",
  "method_ranked-pairs": "Ranked Pairs: Mehrheiten werden festgehalten, die stärksten zuerst.",
  method_stv:
    "Übertragbare Einzelstimme: wer die Quote erreicht, ist gewählt; Stimmen darüber hinaus gehen an die nächste Wahl.",
  "method_stv-scottish":
    "Übertragbare Einzelstimme nach den Regeln schottischer Gemeinden: Stimmen über der Quote gehen an die nächste Wahl.",

  "write_yes-no": "Schreibe Ja, Nein oder Enthaltung.",
  write_approval: "Schreibe alle Optionen, mit denen du leben könntest, etwa „{example}“.",
  write_ranking:
    "Schreibe deine Reihenfolge, das Beste zuerst, etwa „{example}“; was fehlt, kommt ans Ende.",
  write_ranking_strict:
    "Schreibe deine Reihenfolge, das Beste zuerst, auf jeden Platz eine Option, etwa „{example}“; was fehlt, bekommt nichts.",
  write_scores: "Schreibe für jede Option Punkte von 0 bis {highest}, etwa „{example}“.",
  write_votes:
    "Schreibe Stimmen für oder gegen Optionen, etwa „{example}“; v Stimmen kosten v × v deiner {credits} Punkte.",

  mine_seat: "Du hast hier einen Sitz: {houses}.",
  receipt_counts: "Deine Stimme steht im Protokoll und zählt.",
  receipt_replaced: "Diese Stimme steht im Protokoll; an ihrer Stelle zählt eine spätere von dir.",
  receipt_withdrawn:
    "Deine Stimme ist zurückgenommen. Bis zum Ende kannst du noch einmal abstimmen.",
  receipt_void:
    "Der Vorschlag wurde nach dieser Stimme geändert, deshalb zählt sie nicht. Lies ihn noch einmal und stimme ab.",
  receipt_merged: "Zwei deiner Konten hatten abgestimmt; die spätere Stimme zählt, diese nicht.",
  receipt_change: "Bis zum {at} kannst du sie ändern oder zurücknehmen.",
  receipt_shows: "Der Beleg zeigt, dass sie da ist, nicht, was sie sagt.",

  effect_waiting: "Tritt am {at} in Kraft.",
  effect_done: "In Kraft seit dem {at}.",
  effect_stale: "Es geschah nichts: {why}.",
  effect_reverted: "Rückgängig gemacht durch Vorschlag {number}.",
  effect_stopped: "Durch Vorschlag {number} gestoppt, bevor er in Kraft trat.",
  stale_node: "der Stand des Knotens ist jetzt: {state}",
  stale_stewards: "wer Steward ist, hat sich inzwischen geändert",
  stale_last_steward: "jemand muss Steward sein",
  stale_no_member: "{name} ist nicht mehr Mitglied",
  stale_setting: "diese Einstellung wurde inzwischen geändert",
  stale_revert: "Vorschlag {number} hat nichts mehr in Kraft",
  stale_ratify: "die Maßnahme ist abgelaufen",
  stale_rules: "diese Regeln wurden inzwischen geändert",
  stale_invariant: "was keine Abstimmung ändern kann, verbietet das neben den heutigen Regeln",
  stale_invariant_back: "was keine Abstimmung ändern kann, verbietet die Regeln von früher",
} as const;
