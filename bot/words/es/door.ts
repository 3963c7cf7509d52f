/** Buttons, notices and the welcome. */
export const door = {
  where_message: "¿De dónde vino esta respuesta?",
  button_where: "¿De dónde vino esta respuesta?",
  button_again: "Preguntar otra vez",
  button_stop: "Parar",
  button_thread: "Seguir en un hilo",
  button_export: "Guardar respuesta y recibo",
  button_show: "Seguir aquí",
  time_over:
    "En este lugar solo puedo escribir quince minutos, y ya pasaron. La respuesta se sigue escribiendo.",
  not_an_answer: "Este mensaje no muestra ninguna respuesta. Elige uno que sí.",
  no_such_link:
    "Esto no es un enlace a una respuesta de este canal. Copia el enlace del mensaje con la respuesta.",
  button_gone: "Este botón ya no hace nada.",
  failed:
    "Algo falló de este lado; el registro del operador dice qué. Inténtalo de nuevo en un momento.",
  may_not_write:
    "No puedo escribir en {channel}. Pide a la moderación que me deje verlo y enviar mensajes.",
  only_privately:
    "El origen de una respuesta se cuenta en privado, y tus mensajes directos están cerrados. Pulsa el botón bajo la respuesta.",
  no_question: "Todavía no hay pregunta. Escribe una y envíala.",
  goes_on: "La respuesta continúa; vendrá entera en un archivo.",
  whole_as_file: "La respuesta ocupa más de tres mensajes; el archivo la contiene entera.",
  card_as_file: "Esto ocupa más de tres mensajes; el archivo lo contiene entero.",
  rest_as_file: "El archivo lo contiene todo.",
  saved:
    "La respuesta, su recibo y lo necesario para verificarla. Ejecuta: npm run verify -- {file}",
  thread_made: "Sigue en el hilo: responde o mencióname allí.",
  no_thread: "Aquí no se puede abrir un hilo.",
  no_threads_for_you: "No puedes abrir hilos en este canal.",
  welcome:
    "Hola, soy The Substrate: la IA propia de una comunidad. Mencióname o usa /ask, y responde la máquina de una persona voluntaria.",
  welcome_privacy:
    "La máquina que responde ve tu pregunta y la conversación que continúa. Se guardan la pregunta, la respuesta y un recibo firmado; el recibo no nombra a nadie. Solo leo lo que me menciona, me responde o llega como comando.",
  welcome_opt_out:
    "Para no participar, basta con no dirigirte a mí; la moderación puede cerrarme canales en sus permisos. /help dice más.",
};
