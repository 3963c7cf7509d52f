/** O que se diz às salas e aos membros. */
export const events = {
  event_proposed: "Proposta {number}: {title}.",
  event_card_missing: "A proposta {number} ainda não tem ficha nesta sala.",
  event_seconded:
    "A proposta {number} tem os apoios de que precisa ({needed}). A votação abre em {at}.",
  event_option: "A proposta {number} tem mais uma opção, {option}: {title}.",
  event_edited:
    "A proposta {number} foi alterada (revisão {revision}): {title}. Ninguém tinha votado ainda.",
  event_edited_voted:
    "A proposta {number} foi alterada (revisão {revision}): {title}. Votos no texto antigo não contam; vote de novo, por favor.",
  event_withdrawn: "A proposta {number} foi retirada por quem a fez.",
  event_dropped: "A proposta {number} caducou: não teve a tempo os apoios necessários ({needed}).",
  event_vote: "A votação da proposta {number} está aberta até {at}: {title}.",
  event_extended_turnout:
    "A votação da proposta {number} dura até {at}: pouco antes do fim ela reuniu os votos necessários.",
  event_extended_lead:
    "A votação da proposta {number} dura até {at}: pouco antes do fim mudou quem está na frente.",
  event_reminder: "A votação da proposta {number} encerra em {at}: {title}. Você ainda não votou.",
  event_ratify:
    "Proposta {number}: os membros escolheram {option} ({title}). Os produtores votam sim ou não até {at}.",
  event_closed: "Proposta {number}: {result}",
  event_head: "Registro de votos da proposta {number}: {entries}, cabeça {head}.",
  event_held:
    "A proposta {number} está suspensa, porque bastante gente pede para esperar ({have}). Ela entra em vigor em {at} se os membros não a reverterem antes (/propor revert {number}).",
  event_in_effect: "A proposta {number} está agora em vigor: {title}.",
  event_stale: "A proposta {number} foi aprovada, mas está superada; nada foi feito: {why}.",
  event_reverted: "A proposta {number} foi revertida pela proposta {by}.",
  event_suspend_asked:
    "Um responsável pede para suspender {subject} (duração: {time}): {reason}. Um segundo responsável precisa concordar.",
  event_suspended:
    "Dois responsáveis ({first}, {second}) suspenderam {subject} até {at}: {reason}. Acaba então se os membros não ratificarem na proposta {number}.",
  event_suspension_kept: "Os membros mantêm a suspensão, até que a revertam, para {subject}.",
  event_suspension_over: "A suspensão acabou para {subject}: os membros não a ratificaram a tempo.",
  event_admitted: "Agora você é membro; conta nas propostas feitas a partir de {day}.",
  event_admitted_founding: "Agora você é membro, com entrada no período de fundação.",
  event_merged:
    "Duas de suas contas tinham votado na proposta {number}. Conta o voto posterior (recibo {kept}); o anterior (recibo {dropped}) não.",
  event_founding_over:
    "O período de fundação acabou: o grupo tem {members}, e suas regras valem por inteiro.",

  result_asked: "Perguntou-se: {title}.",
  result_members: "Membros: votaram {ballots} de {size}.",
  result_producers: "Produtores: votaram {ballots} de {size}.",
  result_abstained: "Abstenções: {abstained}.",
  result_option: "{option} ({title}): {for} a favor, {against} contra.",
  result_option_missed: "{option} ({title}): {for} a favor, {against} contra; {missed}.",
  missed_quorum: "votos a favor: {had}, necessários: {needed}",
  missed_ratio: "era preciso e não houve {enough}",
  result_tie:
    "Um empate ({place}: {options}) foi resolvido por sorteio, com a semente publicada: {chosen}.",
  tie_first: "primeiro lugar",
  tie_runoff: "desempate",
  tie_finalist: "lugar na final",
  tie_round: "eliminação na rodada {number}",
  tie_nobody: "ninguém",
  result_passed: "Aprovada: {title}.",
  result_passed_seats: "Aprovada.",
  result_advice: "Não vincula.",
  result_elected: "Assentos preenchidos: {filled} de {seats}. Eleitas: {who}.",
  result_nobody: "Ninguém votou: tudo fica como está.",
  result_yes: "A resposta é sim. Não vincula.",
  result_no: "A resposta é não. Não vincula.",
  result_most: "A preferida: {title}. Não vincula.",
  result_rejected: "Rejeitada: tudo fica como está.",
  result_effect:
    "Entra em vigor em {at}. Até lá uma câmara pode suspendê-la (é preciso: {people}).",
  result_again: "Pode ser posta de novo a partir de {at}.",
} as const;
