/** Pourquoi propositions, votes, liens et invitations sont refusés, en français. */
export const refusals: Readonly<Record<string, string>> = {
  agent_may_not: "Les agents déclarés ne le peuvent pas ; la personne qui en répond le peut.",
  agent_taken:
    "Ce compte ne peut pas être déclaré comme agent : il l'est déjà, ou il appartient à un membre.",
  code_own: "Ces comptes sont déjà ceux d'une même personne. Il n'y a rien à lier.",
  code_tries: "Trop de codes erronés sont venus de ce compte. Attendez une heure, puis réessayez.",
  code_wrong:
    "Ce code est inconnu, déjà utilisé ou périmé. Demandez-en un autre avec /lier sur l'autre compte.",
  emergency_unknown: "Cette mesure d'urgence n'existe pas.",
  invariant: "Aucun vote ne peut changer cela. /règles dit ce qui peut l'être.",
  invite_community_needed:
    "Une machine est « {1} » pour une communauté : nommez la communauté, ou invitez-la comme ouverte.",
  invite_used:
    "Cette invitation a déjà servi ; la retirer ne change rien. Isolez plutôt la machine.",
  kind_unknown: "Rien du genre « {1} » ne peut être proposé. /proposer montre ce qu'il y a.",
  link_agent: "Le compte d'un agent reste séparé de celui de la personne qui en répond.",
  method_unknown: "Aucun dépouillement ne s'appelle « {1} ». Choisissez-en un dans la liste.",
  no_ballot: "Vous n'avez pas voté dans ce scrutin.",
  not_member:
    "Ce sont les membres qui décident, et vous ne l'êtes pas encore. Demandez à des membres de se porter garants ; /moi montre combien il en faut.",
  not_proposer: "Seule la personne qui a fait cette proposition peut le faire.",
  not_steward: "Seule l'intendance peut le faire. /règles dit qui en fait partie.",
  only_account: "Ce compte est seul : il n'y a rien à délier.",
  proposal_unknown: "La proposition {1} n'existe pas. /propositions les montre.",
  reason_needed: "Le vote d'un agent est public et demande une raison. Joignez-en une.",
  revision_changed:
    "La proposition a été modifiée (version {1} à présent), donc ce vote n'a pas compté. Relisez-la et votez.",
  rules_unknown: "La version {1} des règles n'existe pas.",
  suspended:
    "Deux personnes de l'intendance ont suspendu ce membre. C'est public et cela finit de soi-même si les membres ne le confirment pas : votez ou objectez dans la proposition.",
  too_many_open:
    "Vous avez déjà {1} propositions ouvertes. Attendez que l'une soit tranchée, ou retirez-en une.",
  tried_lately:
    "Cela a été tranché récemment, dans la proposition {1}. On pourra le reproposer à partir du {2}.",
  vote_closed:
    "Le vote s'est terminé le {1}, à l'horloge commune. Ce bulletin est arrivé trop tard et n'a pas compté.",
  wrong_state: "La proposition n'en est pas là, ou n'en est plus là. Regardez-la de nouveau.",
};
