/** Lo que una persona es aquí, vínculos entre cuentas, medidas de emergencia. */
export const people = {
  me_guest:
    "Estás de visita: puedes preguntar, pero no votar. Serás miembro con un aval (/avalar); hacen falta: {members}.",
  me_guest_founding:
    "Estás de visita: puedes preguntar, pero no votar. Si te avala una persona responsable o quien modera (/avalar), serás miembro.",
  me_waiting: "Eres miembro. Cuentas en las propuestas que se hagan desde el {day}.",
  me_member: "Eres miembro: una persona, un voto.",
  me_producer: "Tienes un escaño en la cámara de productores.",
  me_no_node: "No tienes ningún nodo aquí.",
  me_too_little:
    "Tus nodos no han hecho bastante, o no durante bastante tiempo, para un escaño en la cámara de productores.",
  vouch_member: "{account} ya es miembro.",
  vouch_kept: "Tu aval para {account} queda anotado; faltan: {missing}.",
  link_code:
    "Envía /vincular {code} desde tu otra cuenta, en privado, en {minutes} min. Quien lo envíe será la misma persona que tú: no lo enseñes a nadie.",
  linked: "Estas cuentas ({accounts}) son ahora una persona: un voto, una pertenencia.",
  linked_ballots: "Ambas habían votado: {proposals}. Cuenta el voto posterior.",
  unlinked: "{account} queda aparte. La pertenencia, los nodos y los votos siguen en {accounts}.",

  "act_awaiting-second": "A la espera de una segunda persona responsable.",
  "act_in-force": "En vigor; caduca el {at} si los miembros no lo ratifican.",
  act_ratified: "Ratificado por los miembros; sigue hasta que lo reviertan.",
  act_lapsed: "Caducado: los miembros no lo ratificaron a tiempo.",
  act_expired: "Nunca en vigor: ninguna otra persona responsable lo apoyó a tiempo.",
  act_ended: "Terminado.",
} as const;
