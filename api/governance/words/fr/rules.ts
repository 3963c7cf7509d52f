/** La constitution en mots simples. `law_…` : textes des règles avec lesquelles un pool est fondé. */
export const rules = {
  needs_unknown: "La constitution ne nomme pas ce genre de décision.",
  needs_consent:
    "Adoptée d'elle-même après une attente de {time}, sauf objections motivées en nombre suffisant ({producers} ou {members}) ; on décide alors comme pour {type}.",
  begun_anyone: "Tout membre peut la proposer",
  begun_backed: "Soutiens nécessaires : {members}",
  begun_moderator: "Ouverte par la modération",
  begun_itself: "S'ouvre d'elle-même",
  begun_person: "Ouverte par la personne concernée",
  needs_talk: "débat : {time}",
  needs_vote: "vote : {time}",
  needs_original: "les chambres qui ont pris la décision",
  needs_body: "décision : {body}",
  needs_both: "membres et producteurs doivent être d'accord",
  needs_members: "les membres décident",
  needs_producers: "les producteurs décident",
  needs_lock: "prend effet {time} après l'adoption",
  needs_advice: "n'engage pas",
  needs_sealed: "toujours scellée",

  rules_who: "Qui vote",
  rules_needs: "Ce qu'il faut à chaque genre de décision",
  rules_numbers: "Nombres",
  rules_how: "Comment on décide",
  rules_checks: "Garde-fous",
  rules_agents: "Agents",
  rules_founding: "Fondation",
  rules_not_yet: "Écrit, mais pas encore appliqué",

  members_who: "Membres : {who}.",
  members_admitted:
    "On est admis sur la garantie de {members}, présents chacun depuis au moins {days} et se portant garants au plus {times} en {window}.",
  members_count_at_once: "Ils comptent pour les propositions faites dès lors.",
  members_count_later: "Ils comptent pour les propositions faites au moins {time} plus tard.",
  members_one_vote: "Une personne, une voix, tous comptes liés confondus.",
  producers_who:
    "Producteurs : {who} (période : {work}), présents depuis au moins {standing}. Poids : {weight} ; un responsable a au plus {controller} de la chambre, tous les agents ensemble au plus {agents}.",
  stewards_who:
    "Intendance : élue et révoquée par les membres au vote scellé ; la première a fondé le groupe. Sièges : {seats}.",
  stewards_now: "Intendance actuelle : {stewards}.",
  house_empty: "Une chambre où nul n'est inscrit est laissée de côté, et la fiche le dit.",
  house_frozen:
    "Qui peut voter, les poids et les seuils sont fixés quand la proposition est faite.",
  type_needs: "{type} : {needs}",
  type_needs_not_yet: "{type} : {needs} (Pas encore appliqué.)",
  number_k: "K = {formula} (N : membres inscrits).",
  number_quorum: "Quorum : {formula}.",
  number_passes: "Une option est adoptée quand {formula}.",
  how_counted:
    "Plusieurs options sont dépouillées selon {method} ; d'autres peuvent en ajouter pendant le débat.",
  how_talk:
    "Qui propose ne peut pas abréger le débat. Une modification le prolonge d'au moins {time} (au plus {factor} de sa durée), annule les bulletins et prévient leurs auteurs ; pas de modification à la toute fin ({last}).",
  how_sealed:
    "Les bulletins sont scellés jusqu'à la clôture, sauf si la proposition dit autre chose, et peuvent être changés jusque-là.",
  how_open:
    "Les bulletins sont ouverts, sauf si la proposition dit autre chose, et peuvent être changés jusqu'à la clôture.",
  how_swing:
    "Si quelque chose de décisif arrive à la fin d'un vote (le dernier {window}), il dure {time} de plus, au plus {times}.",
  how_houses:
    "Deux chambres : les deux votent en même temps et doivent toutes deux adopter. S'il y a plusieurs options, les membres choisissent d'abord, et les producteurs ont {time} pour accepter ou non.",
  how_again: "La même question peut être reposée {time} plus tard.",
  check_hold:
    "Une chambre peut faire attendre une fois une décision adoptée, jusqu'à {time}, le temps de voter sur son annulation (il faut : {people}).",
  check_emergency:
    "En cas d'urgence, l'intendance peut suspendre ensemble une machine, un modèle ou un membre (il faut : {stewards}). C'est public, et cela expire {time} plus tard si les membres ne le ratifient pas.",
  check_exit: "Sortie : {exit}. Données : {data}.",
  agents_rule:
    "Les agents sont déclarés ({declare}), peuvent parler et n'ont aucune charge. Ils votent : {vote} ; leurs bulletins : {ballots}.",
  founding_rule:
    "Tant que dure la fondation (jusqu'à {members} ou {time}), les membres sont admis par {admit} ; {before}.",
  founding_over: "La période de fondation est finie : les règles valent pleinement.",
  founding_now:
    "Période de fondation : {have} membres sur {needed}, jusqu'au {day} au plus tard ; {before}.",

  law_members: "les personnes ayant au moins un compte lié",
  law_producers:
    "les exploitants de machines admises et les agents déclarés dont le travail a été accepté",
  law_weight: "1 + log10(max(1, crédits)), en millionièmes",
  law_k: "le plus petit k tel que 4*k*k >= N, entre 1 et 5",
  law_quorum:
    "min(2*N/3 arrondi au-dessus, max(3, le plus petit q tel que 4*q*q >= 9*N)) bulletins plaçant l'option au-dessus de « ne rien changer »",
  law_passes: "b*pour >= a*contre et pour > contre, face à « ne rien changer »",
  law_seats: "max(3, min(7, ceil(N/25)))",
  law_exit: "un exploitant peut toujours retirer une machine ou y refuser un modèle",
  law_erasure: "un membre peut toujours emporter et effacer ses propres données",
  law_declare: "avec un nom, un responsable, un but et une clé",
  law_agents_vote: "parmi les producteurs seulement",
  law_agents_ballots: "publics et motivés",
  law_founding_admit: "une personne de l'intendance ou de la modération",
  law_founding_before: "les décisions de l'intendance sont provisoires et listées",
  law_jury: "un jury",

  notyet_stewards:
    "Les élections ne s'ouvrent pas encore selon le calendrier et aucun mandat ne finit : les membres ouvrent une élection quand ils en veulent une et révoquent qui n'a plus leur confiance.",
  notyet_jury:
    "Aucun jury n'est encore tiré au sort, donc nul ne peut y faire appel. Une mesure d'urgence expire quand même d'elle-même si les membres ne la ratifient pas, et un vote peut annuler ce qu'un vote a décidé.",
  notyet_veto:
    "Il n'y a pas encore de veto ; ce qui est adopté peut être suspendu par des membres, et annulé par un vote.",
  notyet_delegation: "On ne peut pas encore déléguer sa voix : chacun vote soi-même.",
  notyet_rank:
    "Aucun vote permanent ne classe encore les priorités ; un sondage au vote quadratique pose la même question sans engager personne.",
  notyet_memory:
    "Il n'y a pas encore de mémoire sur laquelle décider ; la durée de garde des textes est un réglage.",
  notyet_founding:
    "Ces règles ne sont pas soumises au vote à la fondation, et ce que fait l'intendance dans cette période n'est pas listé comme provisoire : les règles valent dès le premier jour et ne changent que par un vote.",
  notyet_agents: "Les agents déclarés ne peuvent pas encore proposer : leurs responsables le font.",

  "invariant_commons-floor":
    "Tout le monde est servi : au moins une réponse par jour et par personne.",
  "invariant_credits-not-transferable":
    "Les crédits ne se donnent pas, ne s'achètent pas et ne deviennent pas des voix.",
  "invariant_one-person-one-vote":
    "Dans la chambre des membres, chaque personne a une voix, quoi qu'elle possède ou fasse.",
  invariant_erasure: "Un membre peut faire effacer ses textes et ses données.",
  invariant_exit: "Un exploitant peut toujours retirer une machine ou y refuser un modèle.",
  "invariant_agents-standing":
    "Les agents parlent et sont nommés ; ils n'ont aucune charge, ne votent que parmi les producteurs et n'y pèsent jamais plus d'un tiers.",
  "invariant_ballot-secrecy":
    "Les élections et révocations de personnes sont scellées, et un bulletin peut être changé jusqu'à la clôture.",
  "invariant_append-only-log": "Le registre des bulletins et des décisions ne fait que s'allonger.",
  "invariant_rules-pinned": "Un vote commencé garde les règles sous lesquelles il a commencé.",
  invariant_amendable:
    "Les règles restent modifiables : aucune chambre n'est tenue à l'écart de sa propre réforme, aucun rapport ne dépasse 9 contre 1, aucune attente 90 jours, et le quorum ne dépasse jamais le nombre d'inscrits.",
  "invariant_stewards-elected":
    "Les membres élisent et révoquent l'intendance, et elle a assez de sièges pour une mesure d'urgence.",
  "invariant_two-stewards":
    "Une mesure d'urgence demande deux personnes de l'intendance et finit d'elle-même après 72 heures au plus si les membres ne la ratifient pas.",
  lint_stays: "{rule} reste {value}.",
  lint_changes: "{rule} : {now} → {new}.",
  lint_version: "La version se compte d'elle-même.",
  lint_no_rule: "Il n'y a pas de règle à {path}.",
  lint_shape: "On ne peut pas écrire les règles ainsi : {rule} demande {what}.",
  shape_integer: "un nombre entier",
  shape_string: "un texte",
  shape_boolean: "true ou false",
  shape_array: "une liste",
  shape_least: "{limit} au minimum",
  shape_most: "{limit} au maximum",
  shape_one_of: "l'une de ces valeurs : {values}",
  shape_other: "autre chose",
} as const;
