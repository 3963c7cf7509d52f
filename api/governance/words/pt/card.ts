/** O que está na ficha de uma proposta. */
export const card = {
  "state_seeking-sponsors": "procura apoios",
  state_talk: "em debate",
  state_voting: "em votação",
  state_ratifying: "escolhida pelos membros, à espera do sim ou do não dos produtores",
  state_counting: "encerrada, em contagem",
  state_rejected: "rejeitada",
  state_locked: "aprovada, ainda não em vigor",
  state_held: "aprovada, suspensa",
  "state_in-effect": "em vigor",
  state_stale: "aprovada, mas superada: o que ela mudaria já tinha mudado, então nada foi feito",
  state_reverted: "revertida",
  state_answered: "respondida",
  state_withdrawn: "retirada",
  "state_not-seconded": "caducou: não teve apoios suficientes",

  binding_advisory: "Consultiva: por si só não muda nada.",
  binding_question: "Vincula a comunidade; o grupo não muda nada por si só.",
  binding_effect: "Vinculante: se for aprovada, entra em vigor por si só.",
  secrecy_open:
    "Aberta: votação nominal. Desde o primeiro voto, todo mundo vê como cada pessoa vota.",
  secrecy_sealed:
    "Lacrada: os votos são cifrados e ninguém vê contagem alguma antes do encerramento; depois são publicados sem nomes, e os de agentes declarados, com nome e motivo. Quem administra o servidor deste grupo poderia olhar, e a plataforma de conversa vê o que você envia.",
  secrecy_weights:
    "Na câmara dos produtores, cada voto é publicado com seu peso, e isso pode revelar de quem é.",

  seats: { one: "{n} assento", many: "{n} de assentos", other: "{n} assentos" },
  seats_members: {
    one: "{n} assento de membros",
    many: "{n} de assentos de membros",
    other: "{n} assentos de membros",
  },
  seats_producers: {
    one: "{n} assento de produtores",
    many: "{n} de assentos de produtores",
    other: "{n} assentos de produtores",
  },
  seats_quorum: "{seats}; votos a favor necessários: {quorum}",
  who: "{seats}, na data de {day}; um voto por pessoa, com todas as contas ligadas.",

  rule_consent:
    "É aprovada ao fim do debate, a não ser que haja objeções motivadas suficientes ({producers} ou {members}); aí se vota.",
  rule_passes:
    "É aprovada com {enough}, e pelo menos {quorums} (abstenções não contam para nenhum lado).",
  rule_passes_both:
    "É aprovada com {enough} em cada câmara, e pelo menos {quorums} (abstenções não contam para nenhum lado).",
  rule_quorum_members: {
    one: "{n} voto a favor de membros",
    many: "{n} de votos a favor de membros",
    other: "{n} votos a favor de membros",
  },
  rule_quorum_producers: {
    one: "{n} voto a favor de produtores",
    many: "{n} de votos a favor de produtores",
    other: "{n} votos a favor de produtores",
  },
  rule_ratify: "Os membros escolhem; depois os produtores têm {time} para dizer sim ou não.",
  rule_advice_yes: "É um sim se houver mais votos a favor do que contra; sem quórum.",
  rule_advice_most: "Indica-se a opção preferida; sem quórum.",

  object_advice:
    "Diga no tópico, ou vote com um motivo: os motivos são publicados com o resultado.",
  object_consent: "Faça objeção durante o debate (/proposta {number} object, e por quê).",
  object_talk: "Diga no tópico, acrescente uma opção durante o debate, vote contra com um motivo.",
  object_lock:
    "Se for aprovada, entra em vigor {time} depois. Até lá uma câmara pode suspendê-la (/proposta {number} hold; é preciso: {people}), e depois ainda se pode revertê-la (/propor revert {number}).",
  object_at_once:
    "Se for aprovada, entra em vigor de imediato; depois se pode revertê-la (/propor revert {number}).",

  method_majority: "Sim ou não a uma mudança.",
  method_approval: "Aprovação: ganha a opção que mais gente aceitaria.",
  method_score: "Pontuação: ganha a maior soma de pontos.",
  method_star:
    "STAR: as duas opções com mais pontos se enfrentam; ganha a que mais gente pontua acima.",
  "method_majority-judgment": "Julgamento majoritário: ganha a melhor mediana de pontos.",
  method_quadratic: "Voto quadrático: v votos numa opção custam v × v créditos.",
  method_irv:
    "Segundo turno instantâneo: sai a última opção, uma a uma, até que uma tenha maioria.",
  method_borda: "Borda: pontos pela posição.",
  method_copeland: "Copeland: mais duelos ganhos.",
  method_schulze:
    "Schulze: as opções são comparadas duas a duas; decide a cadeia de maiorias mais forte.",
  "method_ranked-pairs": "Pares ordenados: as maiorias são fixadas, as mais fortes primeiro.",
  method_stv:
    "Voto único transferível: quem alcança a cota é eleito, e os votos que sobram vão para a próxima preferência.",
  "method_stv-scottish":
    "Voto único transferível, pelas regras dos municípios escoceses: os votos acima da cota vão para a próxima preferência.",

  "write_yes-no": "Escreva sim, não ou abstenção.",
  write_approval: "Escreva todas as opções que você aceitaria, por exemplo “{example}”.",
  write_ranking:
    "Escreva sua ordem, o melhor primeiro, por exemplo “{example}”; o que você omitir fica por último.",
  write_ranking_strict:
    "Escreva sua ordem, o melhor primeiro, uma opção em cada posição, por exemplo “{example}”; o que você omitir não recebe nada.",
  write_scores: "Escreva pontos de 0 a {highest} para cada opção, por exemplo “{example}”.",
  write_votes:
    "Escreva votos a favor ou contra opções, por exemplo “{example}”; v votos custam v × v dos seus {credits} créditos.",

  mine_seat: "Você tem um assento em: {houses}.",
  receipt_counts: "Seu voto está no registro e conta.",
  receipt_replaced: "Este voto está no registro; no lugar dele conta um seu posterior.",
  receipt_withdrawn: "Seu voto foi retirado. Você pode votar de novo até o encerramento.",
  receipt_void:
    "A proposta foi alterada depois deste voto, por isso ele não conta. Leia-a de novo e vote.",
  receipt_merged: "Duas de suas contas tinham votado; conta o voto posterior, este não.",
  receipt_change: "Você pode mudá-lo ou retirá-lo até {at}.",
  receipt_shows: "O recibo mostra que ele está lá, não o que diz.",

  effect_waiting: "Entra em vigor em {at}.",
  effect_done: "Em vigor desde {at}.",
  effect_stale: "Nada foi feito: {why}.",
  effect_reverted: "Revertida pela proposta {number}.",
  effect_stopped: "Impedida pela proposta {number} antes de entrar em vigor.",
  stale_node: "o estado da máquina agora é: {state}",
  stale_stewards: "quem são os responsáveis mudou entretanto",
  stale_last_steward: "alguém tem de ser responsável",
  stale_no_member: "{name} já não é membro",
  stale_setting: "este ajuste foi mudado entretanto",
  stale_revert: "a proposta {number} já não tem nada em vigor",
  stale_ratify: "a medida caducou",
  stale_rules: "estas regras foram mudadas entretanto",
  stale_invariant: "o que nenhuma votação pode mudar proíbe isso ao lado das regras de hoje",
  stale_invariant_back: "o que nenhuma votação pode mudar proíbe as regras de antes",
} as const;
