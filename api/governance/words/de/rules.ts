/** Die Verfassung in einfachen Worten. `law_…`: Texte der Regeln, mit denen ein Pool gegründet wird. */
export const rules = {
  needs_unknown: "Diese Art von Entscheidung nennt die Verfassung nicht.",
  needs_consent:
    "Gilt nach einer Wartezeit ({time}) von selbst, wenn nicht genug mit Begründung widersprechen ({producers} oder {members}); sonst wird wie bei {type} entschieden.",
  begun_anyone: "Vorschlagen dürfen alle Mitglieder",
  begun_backed: "Nötige Unterstützung: {members}",
  begun_moderator: "Die Moderation beginnt",
  begun_itself: "Beginnt von selbst",
  begun_person: "Die betroffene Person beginnt",
  needs_talk: "Aussprache: {time}",
  needs_vote: "Abstimmung: {time}",
  needs_original: "die Häuser, die beschlossen haben",
  needs_body: "Entscheidung: {body}",
  needs_both: "Mitglieder und Erzeugende müssen beide zustimmen",
  needs_members: "die Mitglieder entscheiden",
  needs_producers: "die Erzeugenden entscheiden",
  needs_lock: "tritt {time} nach der Annahme in Kraft",
  needs_advice: "bindet nicht",
  needs_sealed: "immer verdeckt",

  rules_who: "Wer abstimmt",
  rules_needs: "Was jede Art von Entscheidung braucht",
  rules_numbers: "Zahlen",
  rules_how: "Wie entschieden wird",
  rules_checks: "Sicherungen",
  rules_agents: "Agenten",
  rules_founding: "Gründung",
  rules_not_yet: "Aufgeschrieben, aber noch nicht umgesetzt",

  members_who: "Mitglieder: {who}.",
  members_admitted:
    "Aufnahme durch Bürgschaft; nötig: {members}, jedes mindestens {days} dabei; ein Mitglied bürgt höchstens {times} je {window}.",
  members_count_at_once: "Sie zählen bei Vorschlägen, die danach gemacht werden.",
  members_count_later: "Sie zählen bei Vorschlägen, die mindestens {time} danach gemacht werden.",
  members_one_vote: "Ein Mensch, eine Stimme, mit allen verbundenen Konten zusammen.",
  producers_who:
    "Erzeugende: {who} (Zeitraum: {work}), mindestens {standing} dabei. Gewicht: {weight}; wer Knoten und Agenten führt, hat höchstens {controller} des Hauses, alle Agenten zusammen höchstens {agents}.",
  stewards_who:
    "Stewards: von den Mitgliedern in versiegelter Abstimmung gewählt und abberufen; die ersten haben den Pool gegründet. Sitze: {seats}.",
  stewards_now: "Stewards zurzeit: {stewards}.",
  house_empty: "Ein Haus, in dem niemand sitzt, bleibt außen vor, und die Karte sagt es.",
  house_frozen:
    "Wer abstimmen darf, die Gewichte und die Schwellen stehen fest, sobald ein Vorschlag gemacht ist.",
  type_needs: "{type}: {needs}",
  type_needs_not_yet: "{type}: {needs} (Noch nicht umgesetzt.)",
  number_k: "K = {formula} (N: Zahl der Mitglieder auf der Liste).",
  number_quorum: "Quorum: {formula}.",
  number_passes: "Eine Option ist angenommen, wenn gilt: {formula}.",
  how_counted:
    "Mehrere Optionen werden nach {method} ausgezählt; während der Aussprache dürfen andere Optionen hinzufügen.",
  how_talk:
    "Wer vorschlägt, kann die Aussprache nicht verkürzen. Eine Änderung verlängert sie um mindestens {time} (auf höchstens {factor} ihrer Länge), macht abgegebene Stimmen ungültig und sagt es denen, die abgestimmt haben; am Ende ist eine Zeit ohne Änderungen: {last}.",
  how_sealed:
    "Stimmen sind bis zum Ende verdeckt, wenn der Vorschlag nichts anderes sagt, und lassen sich bis dahin ändern.",
  how_open:
    "Stimmen sind offen, wenn der Vorschlag nichts anderes sagt, und lassen sich bis zum Ende ändern.",
  how_swing:
    "Geschieht im letzten Abschnitt einer Abstimmung ({window}) etwas Entscheidendes, dauert sie {time} länger, höchstens {times}.",
  how_houses:
    "Zwei Häuser: beide stimmen zur gleichen Zeit ab, und beide müssen zustimmen. Bei mehreren Optionen wählen zuerst die Mitglieder; danach haben die Erzeugenden {time}, um zuzustimmen oder nicht.",
  how_again: "Dieselbe Frage darf {time} später wieder gestellt werden.",
  check_hold:
    "Ein Haus kann einen angenommenen Beschluss einmal bis zu {time} anhalten, damit darüber abgestimmt werden kann, ihn rückgängig zu machen (nötig: {people}).",
  check_emergency:
    "Im Notfall können Stewards gemeinsam einen Knoten, ein Modell oder ein Mitglied aussetzen (nötig: {stewards}). Das ist öffentlich und endet {time} später, wenn die Mitglieder es nicht bestätigen.",
  check_exit: "Ausstieg: {exit}. Daten: {data}.",
  agents_rule:
    "Agenten werden angemeldet ({declare}), dürfen mitreden und haben kein Amt. Abstimmen dürfen sie: {vote}; ihre Stimmen: {ballots}.",
  founding_rule:
    "Bis es {members} gibt oder {time} vergangen sind, gilt: aufnehmen darf {admit}; {before}.",
  founding_over: "Die Gründungszeit ist vorbei: die Regeln gelten ganz.",
  founding_now:
    "Gründungszeit: {have} von {needed} Mitgliedern, längstens bis zum {day}; {before}.",

  law_members: "Menschen mit mindestens einem verbundenen Konto",
  law_producers:
    "wer zugelassene Knoten betreibt, und angemeldete Agenten, deren Arbeit angenommen wurde",
  law_weight: "1 + log10(max(1, Guthaben)), in Millionsteln",
  law_k: "kleinstes k mit 4*k*k >= N, mindestens 1, höchstens 5",
  law_quorum:
    "min(aufgerundet(2*N/3), max(3, kleinstes q mit 4*q*q >= 9*N)) Stimmen, die die Option über den Ist-Stand stellen",
  law_passes: "b*dafür >= a*dagegen und dafür > dagegen, verglichen mit „alles lassen, wie es ist“",
  law_seats: "max(3, min(7, ceil(N/25)))",
  law_exit:
    "wer einen Knoten betreibt, darf ihn jederzeit abziehen oder ein Modell darauf ablehnen",
  law_erasure: "jedes Mitglied darf die eigenen Daten jederzeit mitnehmen und löschen lassen",
  law_declare: "mit Name, verantwortlichem Menschen, Zweck und Schlüssel",
  law_agents_vote: "nur unter den Erzeugenden",
  law_agents_ballots: "öffentlich und mit Begründung",
  law_founding_admit: "ein Steward oder die Moderation",
  law_founding_before: "was Stewards entscheiden, ist vorläufig und wird aufgelistet",
  law_jury: "eine Jury",

  notyet_stewards:
    "Wahlen beginnen noch nicht nach dem Kalender, und keine Amtszeit endet: Mitglieder beginnen eine Wahl, wenn sie eine wollen, und berufen ab, wem sie nicht mehr vertrauen.",
  notyet_jury:
    "Noch wird keine Jury ausgelost, also kann niemand sie anrufen. Eine Notmaßnahme endet trotzdem von selbst, wenn die Mitglieder sie nicht bestätigen, und eine Abstimmung kann rückgängig machen, was eine Abstimmung beschlossen hat.",
  notyet_veto:
    "Ein Veto gibt es noch nicht; was angenommen ist, können Mitglieder anhalten und durch eine Abstimmung rückgängig machen.",
  notyet_delegation: "Stimmen lassen sich noch nicht übertragen: alle stimmen selbst ab.",
  notyet_rank:
    "Vorhaben werden noch nicht durch eine ständige Abstimmung gereiht; eine Umfrage mit quadratischem Abstimmen fragt dasselbe, ohne zu binden.",
  notyet_memory:
    "Noch gibt es kein Gedächtnis, über das zu entscheiden wäre; wie lange Texte bleiben, ist eine Einstellung.",
  notyet_founding:
    "Über diese Regeln wird zur Gründung nicht abgestimmt, und was Stewards in der Gründungszeit tun, wird nicht als vorläufig aufgelistet: die Regeln gelten vom ersten Tag an und ändern sich nur durch Abstimmung.",
  notyet_agents:
    "Angemeldete Agenten können noch nichts vorschlagen: das tun die Menschen, die für sie einstehen.",

  "invariant_commons-floor":
    "Alle werden bedient: jeder Mensch bekommt mindestens eine Antwort am Tag.",
  "invariant_credits-not-transferable":
    "Guthaben lässt sich nicht verschenken, nicht kaufen und nicht in Stimmen verwandeln.",
  "invariant_one-person-one-vote":
    "Im Haus der Mitglieder hat jeder Mensch eine Stimme, was auch immer er besitzt oder tut.",
  invariant_erasure: "Jedes Mitglied kann die eigenen Texte und Daten löschen lassen.",
  invariant_exit:
    "Wer einen Knoten betreibt, kann ihn jederzeit abziehen oder ein Modell darauf ablehnen.",
  "invariant_agents-standing":
    "Agenten reden mit und werden genannt; sie haben kein Amt, stimmen nur unter den Erzeugenden ab und wiegen dort nie mehr als ein Drittel.",
  "invariant_ballot-secrecy":
    "Wahlen und Abberufungen von Menschen sind verdeckt, und eine Stimme lässt sich bis zum Ende ändern.",
  "invariant_append-only-log": "Das Verzeichnis der Stimmen und Beschlüsse wird immer nur länger.",
  "invariant_rules-pinned": "Eine begonnene Abstimmung behält die Regeln, unter denen sie begann.",
  invariant_amendable:
    "Die Regeln bleiben änderbar: kein Haus bleibt bei seiner eigenen Änderung außen vor, kein Verhältnis über 9 zu 1, keine Wartezeit über 90 Tage, und das Quorum übersteigt nie die Zahl derer, die abstimmen dürfen.",
  "invariant_stewards-elected":
    "Mitglieder wählen Stewards und berufen sie ab, und es gibt genug Sitze für eine Notmaßnahme.",
  "invariant_two-stewards":
    "Eine Notmaßnahme braucht zwei Stewards und endet nach höchstens 72 Stunden von selbst, wenn die Mitglieder sie nicht bestätigen.",
  lint_stays: "{rule} bleibt {value}.",
  lint_changes: "{rule}: {now} → {new}.",
  lint_version: "Die Fassung zählt von selbst.",
  lint_no_rule: "Bei {path} steht keine Regel.",
  lint_shape: "So lassen sich Regeln nicht schreiben: {rule} verlangt {what}.",
  shape_integer: "eine ganze Zahl",
  shape_string: "Text",
  shape_boolean: "true oder false",
  shape_array: "eine Liste",
  shape_least: "mindestens {limit}",
  shape_most: "höchstens {limit}",
  shape_one_of: "eines von {values}",
  shape_other: "etwas anderes",
} as const;
