/** Ce qui entoure une réponse. */
export const answer = {
  next_in_line: "C'est la prochaine",
  answers_ahead: {
    one: "{n} réponse avant",
    many: "{n} de réponses avant",
    other: "{n} réponses avant",
  },
  about_time: "environ {time}",
  under_a_second: "moins d'une seconde",
  waiting_for_node: "En attente d'une machine",
  node_reading: "La machine « {node} » lit la question",
  node_writing: "La machine « {node} » écrit",
  some_node_reading: "Une machine lit la question",
  some_node_writing: "Une machine écrit",
  answer_stopped: "Arrêtée.",
  answer_stopped_midway: "Arrêtée ; voici la partie déjà écrite.",
  answer_cut_short:
    "La réponse s'arrête ici car elle a atteint sa longueur maximale. Répondez pour qu'elle continue.",
  turns_dropped: {
    one: "La conversation dépasse ce que le modèle peut lire : {n} message, le plus ancien, manque.",
    many: "La conversation dépasse ce que le modèle peut lire : les {n} de messages les plus anciens manquent.",
    other:
      "La conversation dépasse ce que le modèle peut lire : les {n} messages les plus anciens manquent.",
  },
  footer_node: "machine {nodes}",
  footer_nodes: "machines {nodes}",
  footer_not_auditable: "non vérifiable",
  footer_receipt: "reçu {id}",
  tokens_per_second: "{n} jetons/s",
  button_again_wait: "Redemander et attendre une machine",
  no_answer_yet: "Il n'y a pas encore de réponse dans ce salon. Posez d'abord une question.",
  nothing_to_stop: "Aucune de vos questions n'attend ni ne reçoit de réponse.",
  stop_done: "Arrêtée.",
  stop_too_late: "Cette réponse était déjà terminée ; rien à arrêter.",
};
