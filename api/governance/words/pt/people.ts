/** O que uma pessoa é aqui, ligações entre contas, medidas de emergência. */
export const people = {
  me_guest:
    "Você está de visita: pode perguntar, mas não votar. Vira membro com aval (/abonar); é preciso: {members}.",
  me_guest_founding:
    "Você está de visita: pode perguntar, mas não votar. Com o aval de um responsável ou da moderação (/abonar), vira membro.",
  me_waiting: "Você é membro. Conta nas propostas feitas a partir de {day}.",
  me_member: "Você é membro: uma pessoa, um voto.",
  me_producer: "Você tem um assento na câmara dos produtores.",
  me_no_node: "Você não tem nenhuma máquina aqui.",
  me_too_little:
    "Suas máquinas não fizeram o bastante, ou não por tempo bastante, para um assento na câmara dos produtores.",
  vouch_member: "{account} agora é membro.",
  vouch_kept: "Seu aval para {account} está anotado; faltam: {missing}.",
  link_code:
    "Envie /vincular {code} da sua outra conta, em privado, em {minutes} min. Quem o enviar será a mesma pessoa que você: não o mostre a ninguém.",
  linked: "Estas contas ({accounts}) agora são uma pessoa: um voto, uma filiação.",
  linked_ballots: "As duas tinham votado: {proposals}. Conta o voto posterior.",
  unlinked:
    "{account} agora está à parte. A filiação, as máquinas e os votos ficam com {accounts}.",

  "act_awaiting-second": "À espera de um segundo responsável.",
  "act_in-force": "Em vigor; caduca em {at} se os membros não ratificarem.",
  act_ratified: "Ratificada pelos membros; continua até que a revertam.",
  act_lapsed: "Caducou: os membros não ratificaram a tempo.",
  act_expired: "Nunca em vigor: nenhum segundo responsável concordou a tempo.",
  act_ended: "Terminada.",
} as const;
