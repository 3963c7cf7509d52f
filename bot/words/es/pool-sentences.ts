import type { PoolSentences } from "../sentences.ts";
import { refusals } from "./refusals.ts";

/** Lo que dice el grupo, en español. */
export const poolSentences: PoolSentences = {
  byCode: {
    ...refusals,
    not_yours: "Solo quien preguntó, o quien modera allí, puede detenerla.",
    private: "Esta pregunta era privada: solo quien la hizo ve de dónde vino la respuesta.",
    room_not_allowed:
      "En esta sala no se responden preguntas: la moderación eligió otras. Pregunta en una de ellas.",
    may_not_ask:
      "Aquí solo pueden preguntar miembros con ciertos roles. Pide uno a la moderación o pregunta en otro sitio.",
    model_not_served:
      "Ese modelo no se sirve en este grupo. Pregunta sin nombrar un modelo, o nombra otro.",
    quota_reached:
      "Hoy ya has hecho las preguntas que aquí tiene cada persona. El nuevo día empieza a las 0 horas UTC; un nodo propio te da más al momento.",
    too_many_asks:
      "Son más preguntas en un minuto de las que se aceptan. Pregunta de nuevo en un momento.",
    too_many_requests: "Llegaron demasiadas peticiones de aquí. Inténtalo de nuevo en un momento.",
    node_unknown: "Nunca se ha visto ese nodo. Mira la lista de nodos.",
    no_standing: "No hay nada decidido sobre ese nodo aquí, así que no hay nada que levantar.",
    report_unknown: "No existe esa denuncia. Puede que se haya borrado.",
    erased: "La pregunta y su respuesta se borraron, como pidió el lugar o quien preguntó.",
    order_erased:
      "Una parte anterior de la conversación se borró. La respuesta y el recibo se ven; los archivos para comprobarlos ya no.",
    policy_voted:
      "Lo decidieron los miembros con su voto, así que quienes moderan no pueden cambiarlo. Propón un cambio.",
    policy_stale: "Alguien lo cambió mientras tanto. Míralo otra vez.",
    policy_value: "Ese valor no sirve para este ajuste.",
    prompt_empty: "Todavía no hay pregunta. Escribe una y envíala.",
    prompt_too_long:
      "Esta pregunta tiene {1} caracteres; se aceptan como mucho {2}. Acórtala y envíala otra vez.",
    prompt_not_text: "Esto no es texto: contiene signos que no lo son. Envía texto sin formato.",
    body_too_large: "Esto es demasiado largo. Envía una pregunta más corta.",
    model_unknown: "No se conoce ningún modelo «{1}». /modelos muestra los que hay.",
    continues_unknown:
      "La respuesta a la que contestas no es de esta comunidad o aún no tiene texto. Pregunta sin responder a ella.",
    job_unknown: "No existe esa pregunta. Puede que se haya borrado.",
    no_answer:
      "Esa pregunta no tiene respuesta firmada, así que no hay recibo. Espera a que termine o pregunta otra vez.",
    receipt_unknown: "No hay ningún recibo con ese código.",
    not_ready: "El grupo no puede trabajar ahora. Inténtalo de nuevo en un momento.",
    internal:
      "Algo falló dentro del grupo y quedó registrado. Inténtalo de nuevo y avisa a quien lo opera si continúa.",
    pool_unreachable: "El grupo no responde. No se ha perdido nada; inténtalo cuando vuelva.",
    pool_garbled: "No se entiende la respuesta del grupo. Puede que las versiones no coincidan.",
    not_moderator:
      "Solo quienes moderan este lugar pueden hacerlo. Pídeselo, o propónselo a los miembros.",
    not_pool_moderator:
      "Esto afecta a todo el grupo, así que solo pueden hacerlo sus moderadores. Pídeselo, o propónselo a los miembros.",
    invite_not_allowed:
      "Solo quienes moderan esta comunidad y quien opera el grupo pueden invitar máquinas. Pídeselo.",
    no_node:
      "Ninguna máquina con {model} está conectada ahora, así que nadie puede responder. Inténtalo más tarde o elige otro modelo.",
    waiting_for_node:
      "Ninguna máquina con {model} está conectada ahora. La pregunta se guarda y se responde cuando llegue una.",
    expired:
      "Nadie pudo responder a tiempo, así que se abandonó la pregunta. Pregunta otra vez cuando haya más máquinas.",
    stopped: "Detenida antes de escribir una respuesta.",
    too_many_attempts:
      "{1} intentos en máquinas voluntarias terminaron sin respuesta, así que se abandonó. Pregunta otra vez o elige otro modelo.",
    node_left: "El nodo «{node}» se fue; la respuesta empieza de nuevo en otro.",
    node_silent: "El nodo «{node}» dejó de contestar; la respuesta empieza de nuevo en otro.",
    node_refused: "El nodo «{node}» no pudo hacerlo; la respuesta empieza de nuevo en otro.",
    receipt_refused:
      "El nodo «{node}» envió un recibo que no corresponde a su respuesta; empieza de nuevo en otro.",
    bad_frames:
      "El nodo «{node}» no respetó las reglas de la línea; la respuesta empieza de nuevo en otro.",
    pool_restarted:
      "La parte del grupo que llevaba esta respuesta se fue; empieza de nuevo en otro nodo.",
  },
  checks: {
    signature: {
      title: "Firma del nodo",
      detail: "Los bytes exactos del recibo están firmados con la clave del nodo.",
    },
    job: {
      title: "El recibo es de esta pregunta",
      detail: "Código, intento, valor único, plazo y nodo son los del encargo.",
    },
    pool: {
      title: "El recibo nombra este grupo",
      detail: "El recibo nombra la clave que firmó el encargo.",
    },
    model: {
      title: "El archivo del modelo es el encargado",
      detail: "El nodo nombra el archivo encargado, sha256 {1}.",
    },
    settings: {
      title: "Los ajustes son los encargados",
      detail: "Los ajustes y el límite de tokens son los del encargo.",
    },
    seed: {
      title: "La semilla es la comprometida",
      detail: "El recibo repite el compromiso de semilla del encargo.",
    },
    prompt: {
      title: "La conversación es la enviada",
      detail: "El recibo repite el compromiso con sal de la conversación.",
    },
    lineage: {
      title: "El linaje es el del grupo",
      detail: "El recibo nombra el registro de linaje del encargo.",
    },
    rules: {
      title: "Las reglas son las vigentes",
      detail: "El recibo nombra las reglas del encargo.",
    },
    checkpoint: {
      title: "El punto del registro es el del grupo",
      detail: "El encargo y el recibo nombran el mismo punto del registro.",
    },
    memory: {
      title: "Nada de la memoria junto a la conversación",
      detail: "El encargo no dio memoria al nodo y el recibo no nombra ninguna.",
    },
    order: {
      title: "El recibo responde a este encargo exacto",
      detail: "El recibo contiene la huella del encargo firmado.",
    },
    text: { title: "El texto es el firmado", detail: "El texto tiene la huella del recibo." },
    tokens: { title: "Los tokens son los firmados", detail: "Los tokens corresponden al recibo." },
    rescored: {
      title: "Recalculado por un segundo nodo",
      detail:
        "Este grupo todavía no recalcula respuestas. Que el modelo nombrado escribió el texto es palabra del nodo.",
    },
    "seed-margin": {
      title: "Los tokens salen de la semilla",
      detail:
        "Hace falta la misma segunda ejecución. Hasta entonces solo el nodo los ha comparado.",
    },
    "log-inclusion": {
      title: "El recibo está en un registro público",
      detail:
        "El grupo guarda una hoja de esta respuesta pero aún no publica un registro, así que podría cambiar el recibo sin que se vea.",
    },
    "node-word": {
      title: "Programas, tiempos y longitud de la pregunta",
      detail: "Motor, duraciones, tokens de la pregunta y turnos omitidos son palabra del nodo.",
    },
    "node-owner": {
      title: "Quién maneja el nodo",
      detail: "Una firma muestra qué clave firmó, no qué persona la tiene ni que tenga solo una.",
    },
    "training-data": {
      title: "Los datos declarados son los verdaderos",
      detail:
        "El linaje repite lo que declaran el archivo y sus autores. Ningún recibo puede mostrar que sea completo o cierto.",
    },
    deletion: {
      title: "La persona voluntaria borró la conversación",
      detail:
        "Los nodos no deben guardar nada. El borrado en la máquina de otra persona no se puede comprobar.",
    },
    truth: {
      title: "La respuesta es cierta",
      detail: "Nunca se comprueba. Un recibo dice de dónde viene un texto, no si es correcto.",
    },
  },
  phrases: {
    "licence unknown": "licencia desconocida",
    "training data open": "datos de entrenamiento abiertos",
    "training data named": "datos de entrenamiento nombrados",
    "training data described": "datos de entrenamiento descritos",
    "training data undisclosed": "datos de entrenamiento no revelados",
    "training data unknown": "datos de entrenamiento desconocidos",
    "as the file declares": "según el archivo",
    "in this repository": "en este repositorio",
    "no model: fixed text from the echo engine": "sin modelo: texto fijo",
    "keep the copyright and licence notices": "conservar los avisos de autoría y licencia",
    "say what was changed": "decir qué se cambió",
    "share changed parts under the same licence":
      "compartir las partes cambiadas con la misma licencia",
    "share the whole work under the same licence": "compartir toda la obra con la misma licencia",
    "offer the source to network users": "ofrecer el código a quien la use por red",
    "use it only as its use policy allows": "usarlo solo según sus normas de uso",
    "show the Llama name and ask Meta above 700 million monthly users":
      "mostrar el nombre Llama y pedir permiso a Meta por encima de 700 millones de usuarios al mes",
    "pass Google's Gemma terms on with it": "pasar con él las condiciones de Gemma de Google",
    "pass the use restrictions of its RAIL licence on with it":
      "pasar con él las restricciones de su licencia RAIL",
    "pass the use restrictions of the DeepSeek model agreement on with it":
      "pasar con él las restricciones del acuerdo de DeepSeek",
    "no commercial use": "sin uso comercial",
    "research use only": "solo para investigación",
    "no permission is given: ask the rights holder":
      "no se da permiso: pregunta a quien tiene los derechos",
    "asks for nothing": "no pide nada",
  },
  verbs: {
    trained: "entrenado",
    "post-trained": "reentrenado",
    "fine-tuned": "ajustado",
    quantised: "cuantizado",
    merged: "fusionado",
    made: "hecho",
    distilled: "destilado",
    converted: "convertido",
  },
  howToVerify: [
    "Guarda la respuesta con su recibo: con el botón, o con GET /v1/jobs/{job}/export. Es un archivo zip, answer-{receipt}.zip.",
    "Trae el código de este programa a una máquina tuya, para no tener que fiarte de este grupo.",
    "Ejecuta: npm run verify -- answer-{receipt}.zip. Dice línea a línea qué se cumple, qué falla y qué no se comprobó.",
    "Con otras herramientas: generate.sigstore.json es un paquete Sigstore y keys/node.pem su clave; cualquier verificador de DSSE e in-toto puede comprobarlo.",
  ],
};
