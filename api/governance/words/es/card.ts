/** Lo que figura en la ficha de una propuesta. */
export const card = {
  "state_seeking-sponsors": "busca apoyos",
  state_talk: "en debate",
  state_voting: "en votación",
  state_ratifying: "elegida por los miembros, a la espera del sí o el no de los productores",
  state_counting: "cerrada, en recuento",
  state_rejected: "rechazada",
  state_locked: "aprobada, aún no en vigor",
  state_held: "aprobada, frenada",
  "state_in-effect": "en vigor",
  state_stale:
    "aprobada pero superada: lo que iba a cambiar había cambiado entretanto, así que no se hizo nada",
  state_reverted: "revertida",
  state_answered: "respondida",
  state_withdrawn: "retirada",
  "state_not-seconded": "caducada: no tuvo apoyos suficientes",

  binding_advisory: "Consultiva: por sí sola no cambia nada.",
  binding_question: "Vinculante para la comunidad; el grupo no cambia nada por sí solo.",
  binding_effect: "Vinculante: si se aprueba, entra en vigor por sí sola.",
  secrecy_open:
    "Abierta: votación nominal. Desde el primer voto, todo el mundo ve cómo vota cada cual.",
  secrecy_sealed:
    "Sellada: los votos se cifran y nadie ve recuento alguno antes del cierre; después se publican sin nombres, y los de agentes declarados, con nombre y motivo. Quien administra el servidor de este grupo podría mirar, y la plataforma de chat ve lo que envías.",
  secrecy_weights:
    "En la cámara de productores cada voto se publica con su peso, y eso puede delatar de quién es.",

  seats: { one: "{n} escaño", many: "{n} de escaños", other: "{n} escaños" },
  seats_members: {
    one: "{n} escaño de miembros",
    many: "{n} de escaños de miembros",
    other: "{n} escaños de miembros",
  },
  seats_producers: {
    one: "{n} escaño de productores",
    many: "{n} de escaños de productores",
    other: "{n} escaños de productores",
  },
  seats_quorum: "{seats}; votos a favor necesarios: {quorum}",
  who: "{seats}, a fecha de {day}; un voto por persona, con todas sus cuentas vinculadas.",

  rule_consent:
    "Se aprueba al acabar el debate, salvo que haya objeciones motivadas suficientes ({producers} o {members}); entonces se vota.",
  rule_passes:
    "Se aprueba con {enough}, y al menos {quorums} (las abstenciones no cuentan para ningún lado).",
  rule_passes_both:
    "Se aprueba con {enough} en cada cámara, y al menos {quorums} (las abstenciones no cuentan para ningún lado).",
  rule_quorum_members: {
    one: "{n} voto a favor de miembros",
    many: "{n} de votos a favor de miembros",
    other: "{n} votos a favor de miembros",
  },
  rule_quorum_producers: {
    one: "{n} voto a favor de productores",
    many: "{n} de votos a favor de productores",
    other: "{n} votos a favor de productores",
  },
  rule_ratify: "Los miembros eligen; después los productores dicen sí o no en un plazo de {time}.",
  rule_advice_yes: "Es un sí si hay más votos a favor que en contra; sin quórum.",
  rule_advice_most: "Se nombra la opción preferida; sin quórum.",

  object_advice: "Dilo en el hilo, o vota con un motivo: los motivos se publican con el resultado.",
  object_consent: "Objeta mientras se debate (/propuesta {number} object, y por qué).",
  object_talk: "Dilo en el hilo, añade una opción durante el debate, vota en contra con un motivo.",
  object_lock:
    "Si se aprueba, entra en vigor {time} después. Hasta entonces una cámara puede frenarla (/propuesta {number} hold; hacen falta: {people}), y también más tarde se puede revertir (/proponer revert {number}).",
  object_at_once:
    "Si se aprueba, entra en vigor de inmediato; después se puede revertir (/proponer revert {number}).",

  method_majority: "Sí o no a un cambio.",
  method_approval: "Aprobación: gana la opción con la que más gente podría vivir.",
  method_score: "Puntuación: gana la mayor suma de puntos.",
  method_star:
    "STAR: se enfrentan las dos opciones con más puntos; gana la que más personas puntúan por encima.",
  "method_majority-judgment": "Juicio mayoritario: gana la mejor mediana de puntuaciones.",
  method_quadratic: "Voto cuadrático: v votos por una opción cuestan v × v créditos.",
  method_irv:
    "Segunda vuelta instantánea: sale la última opción, una a una, hasta que una tiene mayoría.",
  method_borda: "Borda: puntos según el puesto.",
  method_copeland: "Copeland: más duelos ganados.",
  method_schulze:
    "Schulze: se comparan las opciones de dos en dos; decide la cadena de mayorías más fuerte.",
  "method_ranked-pairs": "Pares ordenados: se fijan las mayorías, las más fuertes primero.",
  method_stv:
    "Voto único transferible: quien llega a la cuota sale elegido, y los votos que sobran pasan a la siguiente preferencia.",
  "method_stv-scottish":
    "Voto único transferible, según las reglas de los municipios escoceses: los votos que superan la cuota pasan a la siguiente preferencia.",

  "write_yes-no": "Escribe sí, no o abstención.",
  write_approval: "Escribe todas las opciones con las que podrías vivir, por ejemplo «{example}».",
  write_ranking:
    "Escribe tu orden, lo mejor primero, por ejemplo «{example}»; lo que omitas queda al final.",
  write_ranking_strict:
    "Escribe tu orden, lo mejor primero, una opción en cada puesto, por ejemplo «{example}»; lo que omitas no recibe nada.",
  write_scores:
    "Escribe una puntuación de 0 a {highest} para cada opción, por ejemplo «{example}».",
  write_votes:
    "Escribe votos a favor o en contra de las opciones, por ejemplo «{example}»; v votos cuestan v × v de tus {credits} créditos.",

  mine_seat: "Tienes un escaño en: {houses}.",
  receipt_counts: "Tu voto está en el registro y cuenta.",
  receipt_replaced: "Este voto está en el registro; en su lugar cuenta uno tuyo posterior.",
  receipt_withdrawn: "Tu voto está retirado. Puedes volver a votar hasta el cierre.",
  receipt_void:
    "La propuesta se modificó después de este voto, así que no cuenta. Léela de nuevo y vota.",
  receipt_merged: "Dos de tus cuentas habían votado; cuenta el voto posterior, este no.",
  receipt_change: "Puedes cambiarlo o retirarlo hasta el {at}.",
  receipt_shows: "El recibo muestra que está, no lo que dice.",

  effect_waiting: "Entra en vigor el {at}.",
  effect_done: "En vigor desde el {at}.",
  effect_stale: "No se hizo nada: {why}.",
  effect_reverted: "Revertida por la propuesta {number}.",
  effect_stopped: "Detenida por la propuesta {number} antes de entrar en vigor.",
  stale_node: "el estado del nodo es ahora: {state}",
  stale_stewards: "quiénes son responsables ha cambiado entretanto",
  stale_last_steward: "alguien tiene que ser responsable",
  stale_no_member: "{name} ya no es miembro",
  stale_setting: "este ajuste se cambió entretanto",
  stale_revert: "la propuesta {number} ya no tiene nada en vigor",
  stale_ratify: "la medida ha caducado",
  stale_rules: "estas reglas se cambiaron entretanto",
  stale_invariant: "lo que ninguna votación puede cambiar lo prohíbe junto a las reglas de hoy",
  stale_invariant_back: "lo que ninguna votación puede cambiar prohíbe las reglas de antes",
} as const;
