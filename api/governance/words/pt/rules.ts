/** A constituição em palavras simples. `law_…`: textos das regras com que um grupo é fundado. */
export const rules = {
  needs_unknown: "A constituição não nomeia este tipo de decisão.",
  needs_consent:
    "É aprovada por si só depois de uma espera de {time}, a não ser que haja objeções motivadas suficientes ({producers} ou {members}); aí se decide como {type}.",
  begun_anyone: "Qualquer membro pode propor",
  begun_backed: "Apoios necessários: {members}",
  begun_moderator: "Iniciada pela moderação",
  begun_itself: "Começa por si só",
  begun_person: "Iniciada pela pessoa em causa",
  needs_talk: "debate: {time}",
  needs_vote: "votação: {time}",
  needs_original: "as câmaras que tomaram a decisão",
  needs_body: "decide: {body}",
  needs_both: "membros e produtores precisam concordar",
  needs_members: "decidem os membros",
  needs_producers: "decidem os produtores",
  needs_lock: "entra em vigor {time} depois de aprovada",
  needs_advice: "não vincula",
  needs_sealed: "sempre lacrada",

  rules_who: "Quem vota",
  rules_needs: "O que cada tipo de decisão exige",
  rules_numbers: "Números",
  rules_how: "Como se decide",
  rules_checks: "Garantias",
  rules_agents: "Agentes",
  rules_founding: "Fundação",
  rules_not_yet: "Escrito, mas ainda não posto em prática",

  members_who: "Membros: {who}.",
  members_admitted:
    "Entra-se com o aval de {members}, cada um aqui há pelo menos {days} e avalizando no máximo {times} em {window}.",
  members_count_at_once: "Contam nas propostas feitas daí em diante.",
  members_count_later: "Contam nas propostas feitas pelo menos {time} depois.",
  members_one_vote: "Uma pessoa, um voto, com todas as contas ligadas.",
  producers_who:
    "Produtores: {who} (período: {work}), aqui há pelo menos {standing}. Peso: {weight}; um responsável tem no máximo {controller} da câmara, e todos os agentes juntos, {agents}.",
  stewards_who:
    "Responsáveis: eleitos e destituídos pelos membros em votação selada; os primeiros fundaram o grupo. Lugares: {seats}.",
  stewards_now: "Responsáveis agora: {stewards}.",
  house_empty: "Uma câmara sem ninguém na lista fica de fora, e a ficha diz isso.",
  house_frozen: "Quem pode votar, os pesos e os limiares ficam fixados quando a proposta é feita.",
  type_needs: "{type}: {needs}",
  type_needs_not_yet: "{type}: {needs} (Ainda não posto em prática.)",
  number_k: "K = {formula} (N: membros na lista).",
  number_quorum: "Quórum: {formula}.",
  number_passes: "Uma opção é aprovada quando {formula}.",
  how_counted:
    "Havendo várias opções, conta-se por {method}; durante o debate outras pessoas podem acrescentar opções.",
  how_talk:
    "Quem propõe não pode encurtar o debate. Uma alteração o prolonga em pelo menos {time} (no máximo {factor} da duração), anula os votos e avisa quem votou; no fim não se altera mais ({last}).",
  how_sealed:
    "Os votos ficam lacrados até o encerramento, salvo se a proposta disser outra coisa, e até lá podem ser mudados.",
  how_open:
    "Os votos são abertos, salvo se a proposta disser outra coisa, e podem ser mudados até o encerramento.",
  how_swing:
    "Se no último trecho ({window}) de uma votação acontecer algo decisivo, ela dura mais {time}, no máximo {times}.",
  how_houses:
    "Duas câmaras: ambas votam ao mesmo tempo e ambas precisam aprovar. Com várias opções, os membros escolhem primeiro, e os produtores têm {time} para concordar ou não.",
  how_again: "A mesma pergunta pode ser posta de novo {time} depois.",
  check_hold:
    "Uma câmara pode fazer esperar uma vez uma decisão aprovada, por até {time}, para que se vote se ela é revertida (é preciso: {people}).",
  check_emergency:
    "Numa emergência, responsáveis em conjunto podem suspender uma máquina, um modelo ou um membro (é preciso: {stewards}). É público, e caduca {time} depois se os membros não ratificarem.",
  check_exit: "Saída: {exit}. Dados: {data}.",
  agents_rule:
    "Agentes são declarados ({declare}), podem falar e não têm cargo. Votam: {vote}; seus votos: {ballots}.",
  founding_rule:
    "Até que haja {members} ou passem {time}, quem admite membros é {admit}; {before}.",
  founding_over: "O período de fundação acabou: as regras valem por inteiro.",
  founding_now: "Período de fundação: {have} de {needed} membros, até {day} no máximo; {before}.",

  law_members: "pessoas com pelo menos uma conta ligada",
  law_producers: "quem tem máquinas admitidas e agentes declarados cujo trabalho foi aceito",
  law_weight: "1 + log10(max(1, créditos)), em milionésimos",
  law_k: "o menor k com 4*k*k >= N, entre 1 e 5",
  law_quorum:
    "min(2*N/3 arredondado para cima, max(3, o menor q com 4*q*q >= 9*N)) votos que põem a opção acima de deixar como está",
  law_passes: "b*a favor >= a*contra e a favor > contra, diante de “deixar como está”",
  law_seats: "max(3, min(7, ceil(N/25)))",
  law_exit: "quem tem uma máquina pode sempre retirá-la, ou recusar um modelo nela",
  law_erasure: "um membro pode sempre levar e apagar os próprios dados",
  law_declare: "com nome, responsável, finalidade e chave",
  law_agents_vote: "só entre os produtores",
  law_agents_ballots: "públicos e com motivo",
  law_founding_admit: "uma pessoa responsável ou a moderação",
  law_founding_before: "o que os responsáveis decidem é provisório e listado",
  law_jury: "um júri",

  notyet_stewards:
    "As eleições ainda não começam segundo o calendário e nenhum mandato acaba: os membros iniciam uma eleição quando querem uma e destituem quem já não tem sua confiança.",
  notyet_jury:
    "Ainda não se sorteia nenhum júri, então ninguém pode recorrer a ele. Mesmo assim, uma medida de emergência caduca por si só se os membros não a ratificarem, e uma votação pode reverter o que outra decidiu.",
  notyet_veto:
    "Ainda não há veto; o que é aprovado pode ser suspenso por membros e revertido por uma votação.",
  notyet_delegation: "Ainda não se pode delegar o voto: cada pessoa dá o seu.",
  notyet_rank:
    "Ainda não há uma votação permanente que ordene prioridades; uma consulta por voto quadrático pergunta o mesmo sem vincular ninguém.",
  notyet_memory:
    "Ainda não há memória sobre a qual decidir; quanto tempo os textos ficam é decidido como ajuste.",
  notyet_founding:
    "Estas regras não vão a votação na fundação, e o que os responsáveis fazem nesse período não é listado como provisório: as regras valem desde o primeiro dia e só mudam por votação.",
  notyet_agents: "Agentes declarados ainda não podem propor: seus responsáveis o fazem.",

  "invariant_commons-floor": "Todo mundo é atendido: pelo menos uma resposta por dia e pessoa.",
  "invariant_credits-not-transferable": "Créditos não podem ser dados, comprados nem virar votos.",
  "invariant_one-person-one-vote":
    "Na câmara dos membros cada pessoa tem um voto, tenha o que tiver e faça o que fizer.",
  invariant_erasure: "Um membro pode mandar apagar seus textos e seus dados.",
  invariant_exit: "Quem tem uma máquina pode sempre retirá-la, ou recusar um modelo nela.",
  "invariant_agents-standing":
    "Agentes falam e são nomeados; não têm cargo, votam só entre os produtores e nunca pesam ali mais de um terço.",
  "invariant_ballot-secrecy":
    "Eleições e destituições de pessoas são lacradas, e um voto pode ser mudado até o encerramento.",
  "invariant_append-only-log": "Ao registro de votos e decisões só se acrescenta.",
  "invariant_rules-pinned": "Uma votação começada mantém as regras com que começou.",
  invariant_amendable:
    "As regras continuam mudáveis: nenhuma câmara fica fora da própria reforma, nenhuma proporção passa de 9 para 1, nenhuma espera passa de 90 dias, e o quórum nunca passa da lista.",
  "invariant_stewards-elected":
    "Os membros elegem e destituem os responsáveis, e há lugares suficientes para uma medida de emergência.",
  "invariant_two-stewards":
    "Uma medida de emergência exige dois responsáveis e acaba por si só em no máximo 72 horas se os membros não a ratificarem.",
  lint_stays: "{rule} continua sendo {value}.",
  lint_changes: "{rule}: {now} → {new}.",
  lint_version: "A versão se conta sozinha.",
  lint_no_rule: "Não há regra em {path}.",
  lint_shape: "As regras não podem ser escritas assim: {rule} pede {what}.",
  shape_integer: "um número inteiro",
  shape_string: "um texto",
  shape_boolean: "true ou false",
  shape_array: "uma lista",
  shape_least: "no mínimo {limit}",
  shape_most: "no máximo {limit}",
  shape_one_of: "um destes: {values}",
  shape_other: "outra coisa",
} as const;
