/** Pourquoi propositions, votes, liens et invitations sont refusés, en français. */
export const refusals: Readonly<Record<string, string>> = {
  invite_community_needed:
    "Une machine est « {1} » pour une communauté : nommez la communauté, ou invitez-la comme ouverte.",
  invite_used:
    "Cette invitation a déjà servi ; la retirer ne change rien. Isolez plutôt la machine.",
  suspended:
    "Deux personnes de l'intendance ont suspendu ce membre. C'est public et cela finit de soi-même si les membres ne le confirment pas : votez ou objectez dans la proposition.",
};
