/** O que cerca uma resposta. */
export const answer = {
  next_in_line: "É a próxima",
  answers_ahead: {
    one: "{n} resposta na frente",
    many: "{n} de respostas na frente",
    other: "{n} respostas na frente",
  },
  about_time: "cerca de {time}",
  under_a_second: "menos de um segundo",
  waiting_for_node: "Esperando uma máquina",
  node_reading: 'A máquina "{node}" lê a pergunta',
  node_writing: 'A máquina "{node}" escreve',
  some_node_reading: "Uma máquina lê a pergunta",
  some_node_writing: "Uma máquina escreve",
  answer_stopped: "Parada.",
  answer_stopped_midway: "Parada; esta é a parte que já estava escrita.",
  answer_cut_short:
    "A resposta termina aqui porque atingiu seu limite de tamanho. Responda para que continue.",
  turns_dropped: {
    one: "A conversa é mais longa do que o modelo consegue ler: falta {n} mensagem, a mais antiga.",
    many: "A conversa é mais longa do que o modelo consegue ler: faltam as {n} de mensagens mais antigas.",
    other:
      "A conversa é mais longa do que o modelo consegue ler: faltam as {n} mensagens mais antigas.",
  },
  footer_node: "máquina {nodes}",
  footer_nodes: "máquinas {nodes}",
  footer_not_auditable: "não auditável",
  footer_receipt: "recibo {id}",
  tokens_per_second: "{n} tokens/s",
  button_again_wait: "Perguntar de novo e esperar uma máquina",
  no_answer_yet: "Ainda não há resposta nesta sala. Pergunte algo primeiro.",
  nothing_to_stop: "Nenhuma das suas perguntas está esperando ou sendo respondida.",
  stop_done: "Parada.",
  stop_too_late: "Essa resposta já tinha terminado; não havia o que parar.",
};
