/** Lo que se dice a las salas y a los miembros. */
export const events = {
  event_proposed: "Propuesta {number}: {title}.",
  event_card_missing: "La propuesta {number} aún no tiene ficha en esta sala.",
  event_seconded:
    "La propuesta {number} tiene los apoyos que necesita ({needed}). La votación se abre el {at}.",
  event_option: "La propuesta {number} tiene otra opción, {option}: {title}.",
  event_edited:
    "La propuesta {number} se modificó (revisión {revision}): {title}. Aún no había votado nadie.",
  event_edited_voted:
    "La propuesta {number} se modificó (revisión {revision}): {title}. Los votos al texto anterior no cuentan; vota de nuevo, por favor.",
  event_withdrawn: "La propuesta {number} fue retirada por quien la hizo.",
  event_dropped: "La propuesta {number} caducó: no tuvo a tiempo los apoyos necesarios ({needed}).",
  event_vote: "La votación de la propuesta {number} está abierta hasta el {at}: {title}.",
  event_extended_turnout:
    "La votación de la propuesta {number} dura hasta el {at}: poco antes del cierre reunió los votos que necesita.",
  event_extended_lead:
    "La votación de la propuesta {number} dura hasta el {at}: poco antes del cierre cambió quién va por delante.",
  event_reminder:
    "La votación de la propuesta {number} se cierra el {at}: {title}. Aún no has votado.",
  event_ratify:
    "Propuesta {number}: los miembros eligieron {option} ({title}). Los productores votan sí o no hasta el {at}.",
  event_closed: "Propuesta {number}: {result}",
  event_head: "Registro de votos de la propuesta {number}: {entries}, cabeza {head}.",
  event_held:
    "La propuesta {number} está frenada, porque bastantes personas piden esperar ({have}). Entra en vigor el {at} si los miembros no la revierten antes (/proponer revert {number}).",
  event_in_effect: "La propuesta {number} ya está en vigor: {title}.",
  event_stale: "La propuesta {number} se aprobó pero quedó superada; no se hizo nada: {why}.",
  event_reverted: "La propuesta {number} fue revertida por la propuesta {by}.",
  event_suspend_asked:
    "Una persona responsable pide suspender {subject} durante {time}: {reason}. Otra debe estar de acuerdo.",
  event_suspended:
    "Dos personas responsables ({first}, {second}) suspendieron {subject} hasta el {at}: {reason}. Acaba entonces si los miembros no lo ratifican en la propuesta {number}.",
  event_suspension_kept: "Los miembros mantienen en suspenso {subject} hasta que lo reviertan.",
  event_suspension_over:
    "Se acabó la suspensión para {subject}: los miembros no la ratificaron a tiempo.",
  event_admitted: "Ya eres miembro; cuentas en las propuestas que se hagan desde el {day}.",
  event_admitted_founding: "Ya eres miembro, con entrada en el periodo de fundación.",
  event_merged:
    "Dos de tus cuentas habían votado la propuesta {number}. Cuenta el voto posterior (recibo {kept}); el anterior (recibo {dropped}) no.",
  event_founding_over:
    "El periodo de fundación ha terminado: el grupo tiene {members}, y sus reglas valen por completo.",

  result_asked: "Se preguntó: {title}.",
  result_members: "Miembros: votaron {ballots} de {size}.",
  result_producers: "Productores: votaron {ballots} de {size}.",
  result_abstained: "Abstenciones: {abstained}.",
  result_option: "{option} ({title}): {for} a favor, {against} en contra.",
  result_option_missed: "{option} ({title}): {for} a favor, {against} en contra; {missed}.",
  missed_quorum: "votos a favor: {had}, necesarios: {needed}",
  missed_ratio: "hacían falta y no hubo {enough}",
  result_tie:
    "Un empate ({place}: {options}) se resolvió por sorteo, con la semilla publicada: {chosen}.",
  tie_first: "primer puesto",
  tie_runoff: "desempate",
  tie_finalist: "puesto en la final",
  tie_round: "eliminación en la ronda {number}",
  tie_nobody: "nadie",
  result_passed: "Aprobada: {title}.",
  result_passed_seats: "Aprobada.",
  result_advice: "No vincula.",
  result_elected: "Escaños cubiertos: {filled} de {seats}. Salen elegidas: {who}.",
  result_nobody: "No votó nadie: todo queda como está.",
  result_yes: "La respuesta es sí. No vincula.",
  result_no: "La respuesta es no. No vincula.",
  result_most: "La preferida: {title}. No vincula.",
  result_rejected: "Rechazada: todo queda como está.",
  result_effect:
    "Entra en vigor el {at}. Hasta entonces una cámara puede frenarla (hacen falta: {people}).",
  result_again: "Se puede volver a plantear desde el {at}.",
} as const;
