/** Ce qu'une personne est ici, liens entre comptes, mesures d'urgence. */
export const people = {
  me_guest:
    "Vous êtes en visite : vous pouvez poser des questions, pas voter. On devient membre sur garantie (/garantir) ; il faut : {members}.",
  me_guest_founding:
    "Vous êtes en visite : vous pouvez poser des questions, pas voter. Si l'intendance ou la modération se porte garante (/garantir), vous êtes membre.",
  me_waiting: "Vous êtes membre. Vous comptez pour les propositions faites à partir du {day}.",
  me_member: "Vous êtes membre : une personne, une voix.",
  me_producer: "Vous avez un siège dans la chambre des producteurs.",
  me_no_node: "Vous n'avez pas de machine ici.",
  me_too_little:
    "Vos machines n'ont pas assez travaillé, ou pas assez longtemps, pour un siège dans la chambre des producteurs.",
  vouch_member: "{account} est maintenant membre.",
  vouch_kept: "Votre garantie pour {account} est notée ; il en manque : {missing}.",
  link_code:
    "Envoyez /lier {code} depuis votre autre compte, en privé, dans les {minutes} minutes. Qui l'envoie devient la même personne que vous : ne le montrez à personne.",
  linked:
    "Ces comptes ({accounts}) sont maintenant une seule personne : un bulletin, une adhésion.",
  linked_ballots: "Les deux avaient voté : {proposals}. Le bulletin le plus récent compte.",
  unlinked:
    "{account} est seul désormais. L'adhésion, les machines et les bulletins restent avec {accounts}.",

  "act_awaiting-second": "En attente d'une deuxième personne de l'intendance.",
  "act_in-force": "En vigueur ; expire le {at} si les membres ne ratifient pas.",
  act_ratified: "Ratifié par les membres ; dure jusqu'à ce qu'ils l'annulent.",
  act_lapsed: "Expiré : les membres n'ont pas ratifié à temps.",
  act_expired: "Jamais en vigueur : nul autre dans l'intendance n'a approuvé à temps.",
  act_ended: "Terminé.",
} as const;
