/** La constitución en palabras sencillas. `law_…`: textos de las reglas con que se funda un grupo. */
export const rules = {
  needs_unknown: "La constitución no nombra este tipo de decisión.",
  needs_consent:
    "Se aprueba por sí sola tras una espera de {time}, salvo que haya objeciones motivadas suficientes ({producers} o {members}); entonces se decide como {type}.",
  begun_anyone: "Puede proponerla cualquier miembro",
  begun_backed: "Apoyos necesarios: {members}",
  begun_moderator: "La inicia quien modera",
  begun_itself: "Empieza por sí sola",
  begun_person: "La inicia la persona afectada",
  needs_talk: "debate: {time}",
  needs_vote: "votación: {time}",
  needs_original: "las cámaras que tomaron la decisión",
  needs_body: "decide: {body}",
  needs_both: "miembros y productores deben estar de acuerdo",
  needs_members: "deciden los miembros",
  needs_producers: "deciden los productores",
  needs_lock: "entra en vigor {time} después de aprobarse",
  needs_advice: "no vincula",
  needs_sealed: "siempre sellada",

  rules_who: "Quién vota",
  rules_needs: "Lo que necesita cada tipo de decisión",
  rules_numbers: "Números",
  rules_how: "Cómo se decide",
  rules_checks: "Garantías",
  rules_agents: "Agentes",
  rules_founding: "Fundación",
  rules_not_yet: "Escrito, pero aún sin poner en práctica",

  members_who: "Miembros: {who}.",
  members_admitted:
    "Se entra con el aval de {members}, cada cual con {days} aquí como mínimo y, como máximo, {times} en {window}.",
  members_count_at_once: "Cuentan en las propuestas que se hagan desde entonces.",
  members_count_later: "Cuentan en las propuestas que se hagan al menos {time} después.",
  members_one_vote: "Una persona, un voto, con todas sus cuentas vinculadas.",
  producers_who:
    "Productores: {who} (periodo: {work}), con {standing} aquí como mínimo. Peso: {weight}; cada responsable tiene como máximo {controller} de la cámara, y todos los agentes juntos, {agents}.",
  stewards_who:
    "Responsables: los miembros los eligen y revocan en votación sellada; los primeros fundaron el grupo. Puestos: {seats}.",
  stewards_now: "Responsables ahora: {stewards}.",
  house_empty: "Una cámara sin nadie en su lista queda fuera, y la ficha lo dice.",
  house_frozen:
    "Quién puede votar, los pesos y los umbrales quedan fijados al hacerse la propuesta.",
  type_needs: "{type}: {needs}",
  type_needs_not_yet: "{type}: {needs} (Aún sin poner en práctica.)",
  number_k: "K = {formula} (N: miembros en la lista).",
  number_quorum: "Quórum: {formula}.",
  number_passes: "Una opción se aprueba si {formula}.",
  how_counted:
    "Si hay varias opciones se cuentan por {method}; durante el debate otras personas pueden añadir opciones.",
  how_talk:
    "Quien propone no puede acortar el debate. Una modificación lo alarga al menos {time} (hasta {factor} de su duración como máximo), anula los votos y avisa a quienes votaron; al final no se puede modificar: {last}.",
  how_sealed:
    "Los votos están sellados hasta el cierre, salvo que la propuesta diga otra cosa, y hasta entonces se pueden cambiar.",
  how_open:
    "Los votos son abiertos, salvo que la propuesta diga otra cosa, y se pueden cambiar hasta el cierre.",
  how_swing:
    "Si en el último tramo ({window}) de una votación pasa algo decisivo, dura {time} más, como máximo {times}.",
  how_houses:
    "Dos cámaras: ambas votan a la vez y ambas deben aprobar. Con varias opciones eligen primero los miembros, y los productores tienen {time} para aceptar o no.",
  how_again: "La misma pregunta puede plantearse de nuevo {time} después.",
  check_hold:
    "Una cámara puede frenar una vez una decisión aprobada, hasta {time}, para que se vote si se revierte (hacen falta: {people}).",
  check_emergency:
    "En una emergencia, varias personas responsables juntas pueden suspender un nodo, un modelo o un miembro (hacen falta: {stewards}). Es público, y caduca {time} después si los miembros no lo ratifican.",
  check_exit: "Salida: {exit}. Datos: {data}.",
  agents_rule:
    "Los agentes se declaran ({declare}), pueden hablar y no ocupan cargos. Votan: {vote}; sus votos: {ballots}.",
  founding_rule: "Hasta que haya {members} o pasen {time}, admite {admit}; {before}.",
  founding_over: "El periodo de fundación ha terminado: las reglas valen por completo.",
  founding_now:
    "Periodo de fundación: {have} de {needed} miembros, hasta el {day} como muy tarde; {before}.",

  law_members: "personas con al menos una cuenta vinculada",
  law_producers: "quienes tienen nodos admitidos y agentes declarados cuyo trabajo se aceptó",
  law_weight: "1 + log10(max(1, créditos)), en millonésimas",
  law_k: "el menor k con 4*k*k >= N, entre 1 y 5",
  law_quorum:
    "min(2*N/3 redondeado hacia arriba, max(3, el menor q con 4*q*q >= 9*N)) votos que ponen la opción por encima de dejarlo como está",
  law_passes: "b*a favor >= a*en contra y a favor > en contra, frente a «dejarlo como está»",
  law_seats: "max(3, min(7, ceil(N/25)))",
  law_exit: "quien tiene un nodo puede retirarlo siempre, o rechazar un modelo en él",
  law_erasure: "un miembro puede siempre llevarse y borrar sus propios datos",
  law_declare: "con nombre, responsable, propósito y clave",
  law_agents_vote: "solo entre los productores",
  law_agents_ballots: "públicos y con motivo",
  law_founding_admit: "una persona responsable o quien modera",
  law_founding_before: "lo que deciden las personas responsables es provisional y se enumera",
  law_jury: "un jurado",

  notyet_stewards:
    "Las elecciones aún no empiezan según el calendario y ningún mandato acaba: los miembros inician una elección cuando la quieren y revocan a quien ya no tiene su confianza.",
  notyet_jury:
    "Aún no se sortea ningún jurado, así que nadie puede recurrir a él. Aun así, una medida de emergencia caduca por sí sola si los miembros no la ratifican, y una votación puede revertir lo que otra decidió.",
  notyet_veto:
    "Aún no hay veto; lo aprobado pueden frenarlo los miembros, y revertirlo una votación.",
  notyet_delegation: "Los votos aún no se pueden delegar: cada cual emite el suyo.",
  notyet_rank:
    "Aún no hay una votación permanente que ordene prioridades; una consulta con voto cuadrático pregunta lo mismo sin vincular.",
  notyet_memory:
    "Aún no hay memoria sobre la que decidir; cuánto se guardan los textos se decide como ajuste.",
  notyet_founding:
    "Estas reglas no se someten a votación al fundar, y lo que hacen las personas responsables en ese periodo no se enumera como provisional: las reglas valen desde el primer día y solo cambian por votación.",
  notyet_agents: "Los agentes declarados aún no pueden proponer: lo hacen sus responsables.",

  "invariant_commons-floor": "Se atiende a todo el mundo: al menos una respuesta al día y persona.",
  "invariant_credits-not-transferable":
    "Los créditos no se pueden regalar, comprar ni convertir en votos.",
  "invariant_one-person-one-vote":
    "En la cámara de miembros cada persona tiene un voto, tenga lo que tenga y haga lo que haga.",
  invariant_erasure: "Un miembro puede hacer que se borren sus textos y sus datos.",
  invariant_exit: "Quien tiene un nodo puede retirarlo siempre, o rechazar un modelo en él.",
  "invariant_agents-standing":
    "Los agentes hablan y se les nombra; no ocupan cargos, votan solo entre los productores y nunca pesan allí más de un tercio.",
  "invariant_ballot-secrecy":
    "Las elecciones y revocaciones de personas son selladas, y un voto se puede cambiar hasta el cierre.",
  "invariant_append-only-log": "Al registro de votos y decisiones solo se le añade.",
  "invariant_rules-pinned": "Una votación empezada conserva las reglas con las que empezó.",
  invariant_amendable:
    "Las reglas siguen siendo modificables: ninguna cámara queda fuera de su propia reforma, ninguna proporción supera 9 a 1, ninguna espera los 90 días, y el quórum nunca supera la lista.",
  "invariant_stewards-elected":
    "Los miembros eligen y revocan a las personas responsables, y hay puestos suficientes para una medida de emergencia.",
  "invariant_two-stewards":
    "Una medida de emergencia necesita dos personas responsables y acaba por sí sola a las 72 horas como máximo si los miembros no la ratifican.",
  lint_stays: "{rule} sigue siendo {value}.",
  lint_changes: "{rule}: {now} → {new}.",
  lint_version: "La versión se cuenta sola.",
  lint_no_rule: "No hay ninguna regla en {path}.",
  lint_shape: "Las reglas no se pueden escribir así: {rule} pide {what}.",
  shape_integer: "un número entero",
  shape_string: "un texto",
  shape_boolean: "true o false",
  shape_array: "una lista",
  shape_least: "{limit} como mínimo",
  shape_most: "{limit} como máximo",
  shape_one_of: "uno de {values}",
  shape_other: "otra cosa",
} as const;
