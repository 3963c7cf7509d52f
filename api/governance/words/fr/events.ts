/** Ce qui est dit aux salons et aux membres. */
export const events = {
  event_proposed: "Proposition {number} : {title}.",
  event_card_missing: "La proposition {number} n'a pas encore de fiche dans ce salon.",
  event_seconded:
    "La proposition {number} a les soutiens qu'il lui faut ({needed}). Le vote s'ouvre le {at}.",
  event_option: "La proposition {number} a une option de plus, {option} : {title}.",
  event_edited:
    "La proposition {number} a été modifiée (révision {revision}) : {title}. Nul n'avait encore voté.",
  event_edited_voted:
    "La proposition {number} a été modifiée (révision {revision}) : {title}. Les bulletins sur l'ancien texte ne comptent pas ; votez de nouveau, s'il vous plaît.",
  event_withdrawn: "La proposition {number} a été retirée par son auteur.",
  event_dropped:
    "La proposition {number} est caduque : pas assez de soutiens à temps (il en fallait {needed}).",
  event_vote: "Le vote sur la proposition {number} est ouvert jusqu'au {at} : {title}.",
  event_extended_turnout:
    "Le vote sur la proposition {number} dure jusqu'au {at} : peu avant la clôture, elle a réuni les voix nécessaires.",
  event_extended_lead:
    "Le vote sur la proposition {number} dure jusqu'au {at} : l'option en tête a changé peu avant la clôture.",
  event_reminder:
    "Le vote sur la proposition {number} se termine le {at} : {title}. Vous n'avez pas encore voté.",
  event_ratify:
    "Proposition {number} : les membres ont choisi {option} ({title}). Les producteurs disent oui ou non jusqu'au {at}.",
  event_closed: "Proposition {number} : {result}",
  event_head: "Registre des bulletins de la proposition {number} : {entries}, tête {head}.",
  event_held:
    "La proposition {number} est suspendue, car assez de personnes demandent d'attendre ({have}). Elle prend effet le {at} si les membres ne l'annulent pas avant (/proposer revert {number}).",
  event_in_effect: "La proposition {number} est maintenant en vigueur : {title}.",
  event_stale:
    "La proposition {number} a été adoptée mais est dépassée ; rien n'a été fait : {why}.",
  event_reverted: "La proposition {number} a été annulée par la proposition {by}.",
  event_suspend_asked:
    "L'intendance demande à suspendre {subject} (durée : {time}) : {reason}. Une deuxième personne de l'intendance doit approuver.",
  event_suspended:
    "Deux personnes de l'intendance ({first}, {second}) ont suspendu {subject} jusqu'au {at} : {reason}. Cela finit alors si les membres ne le ratifient pas dans la proposition {number}.",
  event_suspension_kept:
    "Les membres maintiennent la suspension, jusqu'à ce qu'ils l'annulent, pour {subject}.",
  event_suspension_over:
    "La suspension est finie pour {subject} : les membres ne l'ont pas ratifiée à temps.",
  event_admitted:
    "Vous êtes maintenant membre ; vous comptez pour les propositions faites à partir du {day}.",
  event_admitted_founding: "Vous êtes maintenant membre, avec admission en période de fondation.",
  event_merged:
    "Deux de vos comptes avaient voté sur la proposition {number}. Le bulletin le plus récent (reçu {kept}) compte ; le précédent (reçu {dropped}) non.",
  event_founding_over:
    "La période de fondation est finie : le groupe a {members}, et ses règles valent pleinement.",

  result_asked: "Question posée : {title}.",
  result_members: "Membres : {ballots} sur {size} ont voté.",
  result_producers: "Producteurs : {ballots} sur {size} ont voté.",
  result_abstained: "Abstentions : {abstained}.",
  result_option: "{option} ({title}) : {for} pour, {against} contre.",
  result_option_missed: "{option} ({title}) : {for} pour, {against} contre ; {missed}.",
  missed_quorum: "voix favorables : {had}, nécessaires : {needed}",
  missed_ratio: "il fallait et il n'y a pas eu {enough}",
  result_tie:
    "Une égalité ({place} : {options}) a été tranchée par le sort, avec la graine publiée : {chosen}.",
  tie_first: "première place",
  tie_runoff: "duel final",
  tie_finalist: "place en finale",
  tie_round: "élimination au tour {number}",
  tie_nobody: "personne",
  result_passed: "Adoptée : {title}.",
  result_passed_seats: "Adoptée.",
  result_advice: "Cela n'engage pas.",
  result_elected: "Sièges pourvus : {filled} sur {seats}. Élus : {who}.",
  result_nobody: "Personne n'a voté : tout reste comme avant.",
  result_yes: "La réponse est oui. Cela n'engage pas.",
  result_no: "La réponse est non. Cela n'engage pas.",
  result_most: "Préférée : {title}. Cela n'engage pas.",
  result_rejected: "Rejetée : tout reste comme avant.",
  result_effect:
    "Elle prend effet le {at}. D'ici là, une chambre peut la suspendre (il faut : {people}).",
  result_again: "On peut la reproposer à partir du {at}.",
} as const;
