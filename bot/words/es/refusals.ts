/** Por qué se rechazan propuestas, votos, vínculos e invitaciones, en español. */
export const refusals: Readonly<Record<string, string>> = {
  invite_community_needed:
    "Una máquina es «{1}» para una comunidad: nombra la comunidad, o invítala como abierta.",
  invite_used: "Esta invitación ya se usó; retirarla no cambia nada. Aísla el nodo en su lugar.",
  suspended:
    "Dos responsables han suspendido a este miembro. Es público y termina solo si los miembros no lo confirman: puedes votar u objetar en la propuesta.",
};
