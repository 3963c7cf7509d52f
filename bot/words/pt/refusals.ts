/** Por que propostas, votos, vínculos e convites são recusados, em português. */
export const refusals: Readonly<Record<string, string>> = {
  agent_may_not: "Agentes declarados não podem fazer isso; a pessoa que responde por eles pode.",
  agent_taken: "Esta conta não pode ser declarada como agente: já é um, ou pertence a um membro.",
  code_own: "Estas contas já são da mesma pessoa. Não há o que vincular.",
  code_tries: "Vieram desta conta códigos errados demais. Espere uma hora e tente de novo.",
  code_wrong:
    "Este código é desconhecido, já foi usado ou venceu. Peça outro com /vincular na outra conta.",
  emergency_unknown: "Essa medida de emergência não existe.",
  invariant: "Nenhuma votação pode mudar isso. /regras diz o que pode ser mudado.",
  invite_community_needed:
    "Uma máquina é “{1}” para uma comunidade: diga qual, ou convide-a como aberta.",
  invite_used: "Este convite já foi usado; retirá-lo não muda nada. Isole a máquina em vez disso.",
  kind_unknown: "Nada do tipo “{1}” pode ser proposto. /propor mostra o que há.",
  link_agent: "A conta de um agente fica separada da de quem responde por ele.",
  method_unknown: "Não há contagem chamada “{1}”. Escolha uma da lista.",
  no_ballot: "Você não votou nesta votação.",
  not_member:
    "Quem decide são os membros, e você ainda não é um. Peça a membros que abonem você; /eu mostra quantos são precisos.",
  not_proposer: "Só quem fez esta proposta pode fazer isso.",
  not_steward: "Só os responsáveis podem fazer isso. /regras diz quem são.",
  only_account: "Esta conta está só: não há o que desvincular.",
  proposal_unknown: "Não existe a proposta {1}. /propostas mostra todas.",
  reason_needed: "O voto de um agente é público e precisa de um motivo. Envie um junto.",
  revision_changed:
    "A proposta foi editada (agora é a versão {1}), então este voto não contou. Leia de novo e vote.",
  rules_unknown: "Não existe a versão {1} das regras.",
  suspended:
    "Dois responsáveis suspenderam este membro. É público e termina por si se os membros não confirmarem: vote ou objete na proposta.",
  too_many_open: "Você já tem {1} propostas abertas. Espere que uma seja decidida, ou retire uma.",
  tried_lately:
    "Isso foi decidido há pouco, na proposta {1}. Poderá ser proposto de novo a partir de {2}.",
  vote_closed:
    "A votação terminou em {1}, pelo relógio comum. Este voto chegou tarde e não contou.",
  wrong_state: "A proposta ainda não está nesse ponto, ou já passou dele. Olhe-a de novo.",
};
