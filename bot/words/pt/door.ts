/** Buttons, notices and the welcome. */
export const door = {
  where_message: "De onde veio esta resposta?",
  button_where: "De onde veio esta resposta?",
  button_again: "Perguntar de novo",
  button_stop: "Parar",
  button_thread: "Continuar em um tópico",
  button_export: "Salvar resposta e recibo",
  button_show: "Continuar aqui",
  time_over:
    "Neste lugar só posso escrever por quinze minutos, e eles acabaram. A resposta continua sendo escrita.",
  not_an_answer: "Esta mensagem não mostra nenhuma resposta. Escolha uma que mostre.",
  no_such_link:
    "Isto não é o link de uma resposta deste canal. Copie o link da mensagem com a resposta.",
  button_gone: "Este botão não faz mais nada.",
  failed:
    "Algo deu errado deste lado; o registro do operador diz o quê. Tente de novo em instantes.",
  may_not_write:
    "Não posso escrever em {channel}. Peça à moderação que me deixe vê-lo e enviar mensagens.",
  only_privately:
    "A origem de uma resposta é contada em privado, e suas mensagens diretas estão fechadas. Use o botão abaixo da resposta.",
  no_question: "Ainda não há pergunta. Escreva uma e envie.",
  goes_on: "A resposta continua; ela virá inteira em um arquivo.",
  whole_as_file: "A resposta passa de três mensagens; o arquivo a contém inteira.",
  card_as_file: "Isto passa de três mensagens; o arquivo contém tudo.",
  rest_as_file: "O arquivo contém tudo.",
  saved: "A resposta, seu recibo e o necessário para verificá-la. Rode: npm run verify -- {file}",
  thread_made: "Continue no tópico: responda ou me mencione lá.",
  no_thread: "Não é possível abrir um tópico aqui.",
  no_threads_for_you: "Você não pode abrir tópicos neste canal.",
  welcome:
    "Olá, eu sou The Substrate: a IA de uma comunidade. Mencione-me ou use /ask, e a máquina de uma pessoa voluntária responde.",
  welcome_privacy:
    "A máquina que responde vê sua pergunta e a conversa que ela continua. Ficam guardados a pergunta, a resposta e um recibo assinado; o recibo não nomeia ninguém. Só leio o que me menciona, me responde ou chega como comando.",
  welcome_opt_out:
    "Para não participar, basta não se dirigir a mim; a moderação pode fechar canais para mim nas permissões. /help diz mais.",
};
