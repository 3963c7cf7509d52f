import type { PoolSentences } from "../sentences.ts";
import { refusals } from "./refusals.ts";

/** Was der Pool sagt, auf Deutsch. */
export const poolSentences: PoolSentences = {
  byCode: {
    ...refusals,
    not_yours: "Nur wer gefragt hat oder dort moderiert, darf das anhalten.",
    private: "Diese Frage war privat: nur wer sie stellte, sieht, woher die Antwort kam.",
    room_not_allowed:
      "In diesem Raum werden keine Fragen beantwortet: die Moderation hat andere dafür gewählt. Frage in einem von ihnen.",
    may_not_ask:
      "Hier dürfen nur Mitglieder mit bestimmten Rollen fragen. Bitte die Moderation um eine, oder frage anderswo.",
    model_not_served:
      "Dieses Modell gibt es in diesem Pool nicht. Frage, ohne ein Modell zu nennen, oder nenne ein anderes.",
    quota_reached:
      "Du hast heute so viele Fragen gestellt, wie hier jeder hat. Ein neuer Tag beginnt um 0 Uhr UTC; ein eigener Knoten gibt dir sofort mehr.",
    too_many_asks:
      "Das waren mehr Fragen in einer Minute, als dieser Pool nimmt. Frage gleich noch einmal.",
    too_many_requests: "Es kamen zu viele Anfragen von hier. Versuche es gleich noch einmal.",
    node_unknown: "Diesen Knoten hat der Pool nie gesehen. Sieh in der Liste der Knoten nach.",
    no_standing: "Über diesen Knoten ist hier nichts entschieden, also gibt es nichts aufzuheben.",
    report_unknown: "Diese Meldung gibt es nicht. Vielleicht wurde sie gelöscht.",
    erased:
      "Frage und Antwort wurden gelöscht, wie der Ort oder der Mensch, der fragte, es wollte.",
    order_erased:
      "Ein früherer Teil dieses Gesprächs wurde gelöscht. Antwort und Beleg sind noch zu sehen, die Dateien zum Prüfen nicht mehr.",
    policy_voted:
      "Das haben die Mitglieder durch eine Abstimmung beschlossen, deshalb können Moderatoren es nicht ändern. Schlage eine Änderung vor.",
    policy_stale: "Das hat inzwischen jemand geändert. Sieh es dir noch einmal an.",
    policy_value: "Dieser Wert geht für diese Einstellung nicht.",
    prompt_empty: "Noch steht keine Frage da. Schreibe eine und sende sie.",
    prompt_too_long:
      "Diese Frage hat {1} Zeichen; der Pool nimmt höchstens {2}. Kürze sie und sende sie noch einmal.",
    prompt_not_text: "Das ist kein Text: es enthält Zeichen, die keine sind. Sende reinen Text.",
    body_too_large: "Das ist zu lang. Sende eine kürzere Frage.",
    model_unknown: "Der Pool kennt kein Modell „{1}“. /modelle zeigt, welche es gibt.",
    continues_unknown:
      "Die Antwort, auf die du antwortest, ist nicht aus dieser Gemeinschaft oder hat noch keinen Text. Frage, ohne darauf zu antworten.",
    job_unknown: "Diese Frage hat der Pool nicht. Vielleicht wurde sie gelöscht.",
    no_answer:
      "Zu dieser Frage gibt es keine unterschriebene Antwort, also keinen Beleg. Warte, bis sie fertig ist, oder frage nochmal.",
    receipt_unknown: "Einen Beleg mit dieser Kennung hat der Pool nicht.",
    not_ready: "Der Pool kann gerade nicht arbeiten. Versuche es gleich noch einmal.",
    internal:
      "Im Pool ging etwas schief; es steht in seinem Protokoll. Versuche es noch einmal und sage dem Betreiber Bescheid, wenn es bleibt.",
    pool_unreachable:
      "Der Pool antwortet nicht. Nichts ist verloren; versuche es wieder, wenn er zurück ist.",
    pool_garbled:
      "Die Antwort des Pools ist nicht zu verstehen. Vielleicht passen die Versionen von Pool und Tür nicht zusammen.",
    not_moderator:
      "Das dürfen nur Moderatoren dieses Ortes. Frage einen von ihnen, oder schlage es den Mitgliedern vor.",
    not_pool_moderator:
      "Das betrifft den ganzen Pool, also dürfen es nur dessen Moderatoren. Frage einen von ihnen, oder schlage es den Mitgliedern vor.",
    invite_not_allowed:
      "Rechner einladen dürfen die Moderatoren dieser Gemeinschaft und der Betreiber des Pools. Frage einen von ihnen.",
    no_node:
      "Kein Rechner mit {model} ist gerade da, also kann niemand antworten. Versuche es später, oder wähle ein anderes Modell.",
    waiting_for_node:
      "Kein Rechner mit {model} ist gerade da. Die Frage bleibt liegen und wird beantwortet, sobald einer kommt.",
    expired:
      "Niemand konnte rechtzeitig antworten, also wurde die Frage aufgegeben. Frage nochmal, wenn mehr Rechner da sind.",
    stopped: "Angehalten, bevor eine Antwort geschrieben war.",
    too_many_attempts:
      "{1} Versuche auf Rechnern von Freiwilligen endeten ohne Antwort, also gab der Pool auf. Frage nochmal, oder wähle ein anderes Modell.",
    node_left: "Der Knoten „{node}“ ist weg; die Antwort beginnt auf einem anderen Knoten neu.",
    node_silent:
      "Der Knoten „{node}“ ist verstummt; die Antwort beginnt auf einem anderen Knoten neu.",
    node_refused:
      "Der Knoten „{node}“ konnte es nicht; die Antwort beginnt auf einem anderen Knoten neu.",
    receipt_refused:
      "Der Knoten „{node}“ sandte einen Beleg, der nicht zu seiner Antwort passt; sie beginnt auf einem anderen Knoten neu.",
    bad_frames:
      "Der Knoten „{node}“ hielt die Regeln der Leitung nicht ein; die Antwort beginnt auf einem anderen Knoten neu.",
    pool_restarted:
      "Der Teil des Pools, der diese Antwort führte, ist weg; die Antwort beginnt auf einem anderen Knoten neu.",
  },
  checks: {
    signature: {
      title: "Unterschrift des Knotens",
      detail: "Genau die Bytes des Belegs sind mit dem Schlüssel des Knotens unterschrieben.",
    },
    job: {
      title: "Der Beleg gilt dieser Frage",
      detail: "Kennung, Versuch, Einmalwert, Frist und Knoten sind die des Auftrags.",
    },
    pool: {
      title: "Der Beleg nennt diesen Pool",
      detail: "Der Beleg nennt den Schlüssel, der den Auftrag unterschrieb.",
    },
    model: {
      title: "Die Modelldatei ist die bestellte",
      detail: "Der Knoten nennt die bestellte Modelldatei, sha256 {1}.",
    },
    settings: {
      title: "Die Einstellungen sind die bestellten",
      detail: "Einstellungen und Tokengrenze sind die des Auftrags.",
    },
    seed: {
      title: "Der Startwert ist der zugesagte",
      detail: "Der Beleg wiederholt die Zusage zum Startwert aus dem Auftrag.",
    },
    prompt: {
      title: "Das Gespräch ist das gesandte",
      detail: "Der Beleg wiederholt die gesalzene Zusage zum Gespräch.",
    },
    lineage: {
      title: "Die Abstammung ist die des Pools",
      detail: "Der Beleg nennt den Abstammungseintrag des Auftrags.",
    },
    rules: {
      title: "Die Regeln sind die geltenden",
      detail: "Der Beleg nennt die Regeln des Auftrags.",
    },
    checkpoint: {
      title: "Der Stand des Protokolls ist der des Pools",
      detail: "Auftrag und Beleg nennen denselben Stand des Protokolls.",
    },
    memory: {
      title: "Nichts aus dem Gedächtnis neben dem Gespräch",
      detail: "Der Auftrag gab dem Knoten nichts aus dem Gedächtnis, und der Beleg nennt nichts.",
    },
    order: {
      title: "Der Beleg antwortet genau diesem Auftrag",
      detail: "Der Beleg enthält die Prüfsumme des unterschriebenen Auftrags.",
    },
    text: {
      title: "Der Text ist der unterschriebene",
      detail: "Der Text hat die Prüfsumme im Beleg.",
    },
    tokens: { title: "Die Token sind die unterschriebenen", detail: "Die Token passen zum Beleg." },
    rescored: {
      title: "Von einem zweiten Knoten nachgerechnet",
      detail:
        "Dieser Pool rechnet Antworten noch nicht nach. Dass das genannte Modell den Text schrieb, sagt nur der Knoten.",
    },
    "seed-margin": {
      title: "Die Token folgen aus dem Startwert",
      detail:
        "Dafür braucht es denselben zweiten Lauf. Bis dahin hat nur der Knoten die Token mit dem Startwert verglichen.",
    },
    "log-inclusion": {
      title: "Der Beleg steht in einem öffentlichen Protokoll",
      detail:
        "Der Pool bewahrt ein Blatt für diese Antwort, veröffentlicht aber noch kein Protokoll; er könnte den Beleg also ungesehen tauschen.",
    },
    "node-word": {
      title: "Software, Zeiten und Länge der Frage",
      detail:
        "Was Rechenwerk, Dauer, Tokenzahl der Frage und ausgelassene Beiträge angeht, gilt das Wort des Knotens.",
    },
    "node-owner": {
      title: "Wer den Knoten betreibt",
      detail:
        "Eine Unterschrift zeigt, welcher Schlüssel unterschrieb, nicht welcher Mensch ihn hat, noch dass einer nur einen hat.",
    },
    "training-data": {
      title: "Die genannten Trainingsdaten sind die wahren",
      detail:
        "Die Abstammung wiederholt, was Datei und Hersteller erklären. Kein Beleg kann zeigen, dass es vollständig oder wahr ist.",
    },
    deletion: {
      title: "Die Freiwillige hat das Gespräch gelöscht",
      detail:
        "Knoten sollen nichts behalten. Ob auf dem Rechner eines anderen gelöscht wurde, lässt sich nicht prüfen.",
    },
    truth: {
      title: "Die Antwort stimmt",
      detail: "Wird nie geprüft. Ein Beleg sagt, woher ein Text kommt, nicht ob er richtig ist.",
    },
  },
  phrases: {
    "licence unknown": "Lizenz unbekannt",
    "training data open": "Trainingsdaten offen",
    "training data named": "Trainingsdaten benannt",
    "training data described": "Trainingsdaten beschrieben",
    "training data undisclosed": "Trainingsdaten nicht offengelegt",
    "training data unknown": "Trainingsdaten unbekannt",
    "as the file declares": "laut Datei",
    "in this repository": "in diesem Repositorium",
    "no model: fixed text from the echo engine": "kein Modell: fester Text",
    "keep the copyright and licence notices": "Urheber- und Lizenzvermerke behalten",
    "say what was changed": "Änderungen nennen",
    "share changed parts under the same licence": "geänderte Teile unter derselben Lizenz teilen",
    "share the whole work under the same licence": "das ganze Werk unter derselben Lizenz teilen",
    "offer the source to network users": "den Quelltext auch übers Netz anbieten",
    "use it only as its use policy allows": "nur nach seinen Nutzungsregeln verwenden",
    "show the Llama name and ask Meta above 700 million monthly users":
      "den Namen Llama zeigen und ab 700 Millionen Nutzern im Monat Meta fragen",
    "pass Google's Gemma terms on with it": "Googles Gemma-Bedingungen mitgeben",
    "pass the use restrictions of its RAIL licence on with it":
      "die Nutzungsgrenzen seiner RAIL-Lizenz mitgeben",
    "pass the use restrictions of the DeepSeek model agreement on with it":
      "die Nutzungsgrenzen der DeepSeek-Vereinbarung mitgeben",
    "no commercial use": "keine gewerbliche Nutzung",
    "research use only": "nur für Forschung",
    "no permission is given: ask the rights holder": "keine Erlaubnis: frage den Rechteinhaber",
    "asks for nothing": "verlangt nichts",
  },
  verbs: {
    trained: "trainiert",
    "post-trained": "trainiert",
    "fine-tuned": "verfeinert",
    quantised: "quantisiert",
    merged: "verschmolzen",
    made: "gemacht",
    distilled: "destilliert",
    converted: "umgewandelt",
  },
  howToVerify: [
    "Sichere die Antwort mit ihrem Beleg: mit dem Knopf oder über GET /v1/jobs/{job}/export. Es ist eine Zip-Datei, answer-{receipt}.zip.",
    "Hole den Quelltext dieses Programms auf einen eigenen Rechner, damit du diesem Pool nicht trauen musst.",
    "Starte: npm run verify -- answer-{receipt}.zip. Zeile für Zeile steht da, was stimmt, was nicht und was nicht geprüft wurde.",
    "Mit anderen Werkzeugen: generate.sigstore.json ist ein Sigstore-Bündel und keys/node.pem sein Schlüssel; jeder Prüfer für DSSE und in-toto kann es prüfen.",
  ],
};
