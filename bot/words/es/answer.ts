/** Lo que rodea a una respuesta. */
export const answer = {
  next_in_line: "Es la siguiente",
  answers_ahead: {
    one: "{n} respuesta por delante",
    many: "{n} de respuestas por delante",
    other: "{n} respuestas por delante",
  },
  about_time: "unos {time}",
  under_a_second: "menos de un segundo",
  waiting_for_node: "Esperando un nodo",
  node_reading: "El nodo «{node}» lee la pregunta",
  node_writing: "El nodo «{node}» escribe",
  some_node_reading: "Un nodo lee la pregunta",
  some_node_writing: "Un nodo escribe",
  answer_stopped: "Detenida.",
  answer_stopped_midway: "Detenida; esta es la parte que ya estaba escrita.",
  answer_cut_short:
    "La respuesta termina aquí porque llegó a su límite de longitud. Responde para que siga.",
  turns_dropped: {
    one: "La conversación es más larga de lo que el modelo puede leer: falta {n} turno, el más antiguo.",
    many: "La conversación es más larga de lo que el modelo puede leer: faltan los {n} de turnos más antiguos.",
    other:
      "La conversación es más larga de lo que el modelo puede leer: faltan los {n} turnos más antiguos.",
  },
  footer_node: "nodo {nodes}",
  footer_nodes: "nodos {nodes}",
  footer_not_auditable: "no auditable",
  footer_receipt: "recibo {id}",
  tokens_per_second: "{n} tokens/s",
  button_again_wait: "Preguntar otra vez y esperar un nodo",
  no_answer_yet: "Todavía no hay ninguna respuesta en esta sala. Pregunta algo primero.",
  nothing_to_stop: "Ninguna de tus preguntas espera ni se está respondiendo.",
  stop_done: "Detenida.",
  stop_too_late: "Esa respuesta ya había terminado; no había nada que detener.",
};
