export const matrix = {
  matrix_sent_privately:
    "Te lo he enviado solo a ti, en una conversación directa. Mira tus invitaciones.",
  matrix_no_keys:
    "No puedo leer un mensaje de aquí: sus claves no me han llegado. Envíalo otra vez; si no sirve, sal de la sala y vuelve a entrar con ese dispositivo, o escribe en una sala sin cifrado.",
  matrix_encryption_off:
    "Esta sala está cifrada y quien administra no ha activado el cifrado para mí: no puedo leer lo que se escribe aquí. Pídele MATRIX_ENCRYPTION, o usa una sala sin cifrado.",
  matrix_encryption_not_used: "Cifrado: desactivado; esta sala no está cifrada.",
  matrix_encryption_on:
    "Cifrado: activado. Esta sala: {room}. Dispositivo {device}: {signed}. Copia de claves: {backup}.",
  matrix_room_encrypted: "cifrada",
  matrix_room_clear: "sin cifrar",
  matrix_device_signed: "firmado por su dueño",
  matrix_device_unsigned: "no firmado por su dueño",
  matrix_backup_on: "versión {version}",
  matrix_backup_off: "ninguna",
  matrix_missed:
    "He estado fuera mucho tiempo y no puedo revisar todo lo escrito. Enviad otra vez lo que no tuvo respuesta.",
  matrix_settings_elsewhere:
    "Los ajustes que muestra el estado de esta sala son solo una copia; el poder en la sala no los cambia. Lo que vale está en el grupo: cámbialo con `!pool settings`.",
  matrix_settings_mended:
    "Los ajustes que muestra el estado de esta sala son solo una copia; el poder en la sala no los cambia. Lo que vale está en el grupo: cámbialo con `!pool settings`. He corregido la copia.",
  matrix_no_power:
    "No puedo escribir los ajustes en el estado de esta sala: hace falta el nivel de poder {needed} y el mío es {own}. Valen igualmente.",
  matrix_standing_differs:
    "En esta sala tienes poder ({power}), y en el grupo ninguno para esto: la posición en el grupo no viene de un nivel de poder. Puede hacerlo un encargado del grupo, o los miembros con una votación.",
  matrix_start: "Escribe `!ask` y tu pregunta, o mencióname. `!help` muestra lo demás.",
  matrix_vote_alone: "Votar, solo para ti",
  matrix_as_many: "tantas como quieras",
  matrix_in_order: "en el orden que prefieras",
  matrix_paper: "Tu papeleta de la propuesta {number}: {title}",
  matrix_paper_over:
    "La propuesta {number} ya no admite votos en esta papeleta. `!vote {number}` muestra cómo está.",
  matrix_said_aloud:
    "Esta votación es secreta hasta el cierre y escribiste tu voto donde toda la sala puede leerlo. Cuenta igualmente. Borra tu mensaje y la próxima vez escribe `!vote {number}`: entonces te pregunto aquí.",
  matrix_help:
    "Aquí también: `!save` entrega una respuesta con su recibo, `!save 12` el recuento de la votación 12, y `!vote 12` te pregunta solo a ti. Los signos bajo un mensaje hacen lo que dice su última línea.",
};
