/** Por qué se rechazan propuestas, votos, vínculos e invitaciones, en español. */
export const refusals: Readonly<Record<string, string>> = {
  agent_may_not: "Los agentes declarados no pueden hacerlo; sí la persona que responde por ellos.",
  agent_taken: "Esta cuenta no puede declararse agente: ya lo es, o pertenece a un miembro.",
  code_own: "Estas cuentas ya son de la misma persona. No hay nada que vincular.",
  code_tries:
    "Desde esta cuenta llegaron demasiados códigos que no valían. Espera una hora y vuelve a intentarlo.",
  code_wrong:
    "Este código no se conoce, ya se usó o ha caducado. Pide otro con /vincular en la otra cuenta.",
  emergency_unknown: "No existe esa medida de urgencia.",
  invariant: "Ninguna votación puede cambiar esto. /reglas dice qué se puede cambiar.",
  invite_community_needed:
    "Una máquina es «{1}» para una comunidad: nombra la comunidad, o invítala como abierta.",
  invite_used: "Esta invitación ya se usó; retirarla no cambia nada. Aísla el nodo en su lugar.",
  kind_unknown: "No se puede proponer nada del tipo «{1}». /proponer muestra lo que hay.",
  link_agent: "La cuenta de un agente queda aparte de la de quien responde por él.",
  method_unknown: "No hay ningún recuento llamado «{1}». Elige uno de la lista.",
  no_ballot: "No has votado en esta votación.",
  not_member:
    "Deciden los miembros, y tú aún no lo eres. Pide a miembros que te avalen; /yo muestra cuántos hacen falta.",
  not_proposer: "Solo puede hacerlo quien hizo esta propuesta.",
  not_steward: "Solo pueden hacerlo los responsables. /reglas dice quiénes son.",
  only_account: "Esta cuenta está sola: no hay nada que separar.",
  proposal_unknown: "No existe la propuesta {1}. /propuestas las muestra.",
  reason_needed: "El voto de un agente es público y necesita un motivo. Envíalo con él.",
  revision_changed:
    "La propuesta se editó (ahora es la versión {1}), así que este voto no contó. Léela de nuevo y vota.",
  rules_unknown: "No existe la versión {1} de las reglas.",
  suspended:
    "Dos responsables han suspendido a este miembro. Es público y termina solo si los miembros no lo confirman: puedes votar u objetar en la propuesta.",
  too_many_open: "Ya tienes {1} propuestas abiertas. Espera a que se decida una, o retira una.",
  tried_lately: "Se decidió hace poco, en la propuesta {1}. Podrá proponerse otra vez desde {2}.",
  vote_closed:
    "La votación terminó a las {1}, según este reloj común. Este voto llegó tarde y no contó.",
  wrong_state: "La propuesta no está en ese punto, todavía o ya. Mírala otra vez.",
};
