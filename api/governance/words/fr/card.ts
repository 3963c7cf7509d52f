/** Ce que porte la fiche d'une proposition. */
export const card = {
  "state_seeking-sponsors": "cherche des soutiens",
  state_talk: "en débat",
  state_voting: "soumise au vote",
  state_ratifying: "choisie par les membres, en attente du oui ou du non des producteurs",
  state_counting: "close, en cours de dépouillement",
  state_rejected: "rejetée",
  state_locked: "adoptée, pas encore en vigueur",
  state_held: "adoptée, suspendue",
  "state_in-effect": "en vigueur",
  state_stale:
    "adoptée mais dépassée : ce qu'elle devait changer avait changé entre-temps, donc rien n'a été fait",
  state_reverted: "annulée",
  state_answered: "répondue",
  state_withdrawn: "retirée",
  "state_not-seconded": "caduque : pas assez de soutiens",

  binding_advisory: "Consultative : rien ne change de soi-même.",
  binding_question: "Engage la communauté ; le groupe ne change rien de lui-même.",
  binding_effect: "Contraignante : adoptée, elle prend effet d'elle-même.",
  secrecy_open: "Ouvert : vote nominal. Dès le premier bulletin, chacun voit comment chacun vote.",
  secrecy_sealed:
    "Scellé : les bulletins sont chiffrés et personne ne voit de décompte avant la clôture ; ils sont ensuite publiés sans nom, et ceux des agents déclarés avec leur nom et leur motif. Qui fait tourner le serveur de ce groupe pourrait regarder, et la plateforme de discussion voit ce que vous envoyez.",
  secrecy_weights:
    "Dans la chambre des producteurs, chaque bulletin est publié avec son poids, ce qui peut trahir son auteur.",

  seats: { one: "{n} siège", many: "{n} de sièges", other: "{n} sièges" },
  seats_members: {
    one: "{n} siège de membres",
    many: "{n} de sièges de membres",
    other: "{n} sièges de membres",
  },
  seats_producers: {
    one: "{n} siège de producteurs",
    many: "{n} de sièges de producteurs",
    other: "{n} sièges de producteurs",
  },
  seats_quorum: "{seats} ; voix favorables nécessaires : {quorum}",
  who: "{seats}, au {day} ; un bulletin par personne, tous comptes liés confondus.",

  rule_consent:
    "Adoptée à la fin du débat, sauf objections motivées en nombre suffisant ({producers} ou {members}) ; on vote alors.",
  rule_passes:
    "Adoptée avec {enough}, et au moins {quorums} (les abstentions ne comptent pour aucun côté).",
  rule_passes_both:
    "Adoptée avec {enough} dans chaque chambre, et au moins {quorums} (les abstentions ne comptent pour aucun côté).",
  rule_quorum_members: {
    one: "{n} voix favorable parmi les membres",
    many: "{n} de voix favorables parmi les membres",
    other: "{n} voix favorables parmi les membres",
  },
  rule_quorum_producers: {
    one: "{n} voix favorable parmi les producteurs",
    many: "{n} de voix favorables parmi les producteurs",
    other: "{n} voix favorables parmi les producteurs",
  },
  rule_ratify: "Les membres choisissent ; les producteurs ont ensuite {time} pour dire oui ou non.",
  rule_advice_yes: "C'est un oui s'il y a plus de voix pour que contre ; pas de quorum.",
  rule_advice_most: "On nomme l'option préférée ; pas de quorum.",

  object_advice:
    "Dites-le dans le fil, ou votez avec un motif : les motifs paraissent avec le résultat.",
  object_consent: "Objectez pendant le débat (/proposition {number} object, et pourquoi).",
  object_talk:
    "Dites-le dans le fil, ajoutez une option pendant le débat, votez contre avec un motif.",
  object_lock:
    "Adoptée, elle prend effet {time} plus tard. D'ici là, une chambre peut la suspendre (/proposition {number} hold ; il faut : {people}), et on peut encore l'annuler ensuite (/proposer revert {number}).",
  object_at_once:
    "Adoptée, elle prend effet aussitôt ; on peut l'annuler ensuite (/proposer revert {number}).",

  method_majority: "Oui ou non à un changement.",
  method_approval: "Approbation : l'option que le plus grand nombre accepterait l'emporte.",
  method_score: "Notes : la plus grande somme de notes l'emporte.",
  method_star:
    "STAR : les deux options les mieux notées s'affrontent ; celle que plus de gens notent au-dessus l'emporte.",
  "method_majority-judgment": "Jugement majoritaire : la meilleure note médiane l'emporte.",
  method_quadratic: "Vote quadratique : v voix pour une option coûtent v × v crédits.",
  method_irv:
    "Vote alternatif : la dernière option sort, une à la fois, jusqu'à ce que l'une ait la majorité.",
  method_borda: "Borda : des points selon le rang.",
  method_copeland: "Copeland : le plus de duels gagnés.",
  method_schulze:
    "Schulze : les options sont comparées deux à deux ; la plus forte chaîne de majorités décide.",
  "method_ranked-pairs": "Paires classées : les majorités sont fixées, les plus fortes d'abord.",
  method_stv:
    "Vote unique transférable : qui atteint le quota est élu, et les voix en trop passent au choix suivant.",
  "method_stv-scottish":
    "Vote unique transférable, selon les règles des communes écossaises : les voix au-delà du quota passent au choix suivant.",

  "write_yes-no": "Écrivez oui, non ou abstention.",
  write_approval: "Écrivez toutes les options qui vous iraient, par exemple « {example} ».",
  write_ranking:
    "Écrivez votre ordre, la meilleure d'abord, par exemple « {example} » ; ce que vous omettez vient en dernier.",
  write_ranking_strict:
    "Écrivez votre ordre, la meilleure d'abord, une option par rang, par exemple « {example} » ; ce que vous omettez ne reçoit rien.",
  write_scores: "Écrivez une note de 0 à {highest} pour chaque option, par exemple « {example} ».",
  write_votes:
    "Écrivez des voix pour ou contre des options, par exemple « {example} » ; v voix coûtent v × v de vos {credits} crédits.",

  mine_seat: "Vous avez un siège ici : {houses}.",
  receipt_counts: "Votre bulletin est au registre et il compte.",
  receipt_replaced:
    "Ce bulletin est au registre ; un autre de vous, plus récent, compte à sa place.",
  receipt_withdrawn: "Votre bulletin est retiré. Vous pouvez revoter jusqu'à la clôture.",
  receipt_void:
    "La proposition a été modifiée après ce bulletin, donc il ne compte pas. Relisez-la et votez.",
  receipt_merged:
    "Deux de vos comptes avaient voté ; le bulletin le plus récent compte, pas celui-ci.",
  receipt_change: "Vous pouvez le changer ou le retirer jusqu'au {at}.",
  receipt_shows: "Le reçu montre qu'il est là, pas ce qu'il dit.",

  effect_waiting: "Prend effet le {at}.",
  effect_done: "En vigueur depuis le {at}.",
  effect_stale: "Rien n'a été fait : {why}.",
  effect_reverted: "Annulée par la proposition {number}.",
  effect_stopped: "Arrêtée par la proposition {number} avant de prendre effet.",
  stale_node: "l'état de la machine est à présent : {state}",
  stale_stewards: "l'intendance a changé entre-temps",
  stale_last_steward: "il faut quelqu'un à l'intendance",
  stale_no_member: "{name} n'est plus membre",
  stale_setting: "ce réglage a été changé entre-temps",
  stale_revert: "la proposition {number} n'a plus rien en vigueur",
  stale_ratify: "la mesure a expiré",
  stale_rules: "ces règles ont été modifiées entre-temps",
  stale_invariant: "ce qu'aucun vote ne peut changer l'interdit à côté des règles d'aujourd'hui",
  stale_invariant_back: "ce qu'aucun vote ne peut changer interdit les règles d'avant",
} as const;
