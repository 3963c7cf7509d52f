import type { PoolSentences } from "../sentences.ts";
import { refusals } from "./refusals.ts";

/** O que o grupo diz, em português. */
export const poolSentences: PoolSentences = {
  byCode: {
    ...refusals,
    not_yours: "Só quem perguntou, ou quem modera lá, pode parar isto.",
    private: "Esta pergunta era privada: só quem a fez vê de onde veio a resposta.",
    room_not_allowed:
      "Nesta sala não se respondem perguntas: a moderação escolheu outras. Pergunte em uma delas.",
    may_not_ask:
      "Aqui só membros com certos cargos podem perguntar. Peça um à moderação ou pergunte em outro lugar.",
    model_not_served:
      "Esse modelo não é servido neste grupo. Pergunte sem nomear um modelo, ou nomeie outro.",
    quota_reached:
      "Você já fez hoje as perguntas que cada pessoa tem aqui. O novo dia começa à 0 hora UTC; uma máquina sua dá mais na hora.",
    too_many_asks:
      "São mais perguntas em um minuto do que este grupo aceita. Pergunte de novo em instantes.",
    too_many_requests: "Vieram pedidos demais daqui. Tente de novo em instantes.",
    node_unknown: "Essa máquina nunca foi vista. Olhe a lista de máquinas.",
    no_standing: "Nada está decidido sobre essa máquina aqui, então não há o que levantar.",
    report_unknown: "Essa denúncia não existe. Talvez tenha sido apagada.",
    erased: "A pergunta e sua resposta foram apagadas, como o lugar ou a pessoa quis.",
    order_erased:
      "Uma parte anterior desta conversa foi apagada. A resposta e o recibo ainda se veem; os arquivos para verificar, não.",
    policy_voted:
      "Os membros decidiram isso pelo voto, então quem modera não pode mudar. Proponha uma mudança.",
    policy_stale: "Alguém mudou isso nesse meio-tempo. Olhe de novo.",
    policy_value: "Esse valor não serve para este ajuste.",
    prompt_empty: "Ainda não há pergunta. Escreva uma e envie.",
    prompt_too_long:
      "Esta pergunta tem {1} caracteres; o grupo aceita no máximo {2}. Encurte e envie de novo.",
    prompt_not_text: "Isto não é texto: contém sinais que não são texto. Envie texto simples.",
    body_too_large: "Isto é longo demais. Envie uma pergunta mais curta.",
    model_unknown: 'O grupo não conhece nenhum modelo "{1}". /modelos mostra os que existem.',
    continues_unknown:
      "A resposta à qual você responde não é desta comunidade ou ainda não tem texto. Pergunte sem responder a ela.",
    job_unknown: "Essa pergunta não existe. Talvez tenha sido apagada.",
    no_answer:
      "Essa pergunta não tem resposta assinada, portanto não há recibo. Espere terminar ou pergunte de novo.",
    receipt_unknown: "Não há recibo com esse código.",
    not_ready: "O grupo não pode trabalhar agora. Tente de novo em instantes.",
    internal:
      "Algo deu errado dentro do grupo e foi registrado. Tente de novo e avise quem o opera se continuar.",
    pool_unreachable: "O grupo não responde. Nada se perdeu; tente de novo quando ele voltar.",
    pool_garbled: "Não dá para entender a resposta do grupo. Talvez as versões não combinem.",
    not_moderator:
      "Só quem modera este lugar pode fazer isso. Peça a essas pessoas, ou proponha aos membros.",
    not_pool_moderator:
      "Isto diz respeito a todo o grupo, então só quem o modera pode fazer. Peça a essas pessoas, ou proponha aos membros.",
    invite_not_allowed:
      "Só quem modera esta comunidade e quem opera o grupo convidam máquinas. Peça a essas pessoas.",
    no_node:
      "Nenhuma máquina com {model} está conectada agora, então ninguém pode responder. Tente mais tarde ou escolha outro modelo.",
    waiting_for_node:
      "Nenhuma máquina com {model} está conectada agora. A pergunta fica guardada e é respondida quando uma chegar.",
    expired:
      "Ninguém pôde responder a tempo, então a pergunta foi abandonada. Pergunte de novo quando houver mais máquinas.",
    stopped: "Parada antes de uma resposta ser escrita.",
    too_many_attempts:
      "{1} tentativas em máquinas voluntárias terminaram sem resposta, então o grupo desistiu. Pergunte de novo ou escolha outro modelo.",
    node_left: 'A máquina "{node}" saiu; a resposta recomeça em outra.',
    node_silent: 'A máquina "{node}" ficou muda; a resposta recomeça em outra.',
    node_refused: 'A máquina "{node}" não conseguiu; a resposta recomeça em outra.',
    receipt_refused:
      'A máquina "{node}" enviou um recibo que não combina com sua resposta; ela recomeça em outra.',
    bad_frames: 'A máquina "{node}" não seguiu as regras da linha; a resposta recomeça em outra.',
    pool_restarted:
      "A parte do grupo que conduzia esta resposta saiu; ela recomeça em outra máquina.",
  },
  checks: {
    signature: {
      title: "Assinatura da máquina",
      detail: "Os bytes exatos do recibo estão assinados com a chave da máquina.",
    },
    job: {
      title: "O recibo é desta pergunta",
      detail: "Código, tentativa, valor único, prazo e máquina são os da encomenda.",
    },
    pool: {
      title: "O recibo nomeia este grupo",
      detail: "O recibo nomeia a chave que assinou a encomenda.",
    },
    model: {
      title: "O arquivo do modelo é o encomendado",
      detail: "A máquina nomeia o arquivo encomendado, sha256 {1}.",
    },
    settings: {
      title: "Os ajustes são os encomendados",
      detail: "Os ajustes e o limite de tokens são os da encomenda.",
    },
    seed: {
      title: "A semente é a prometida",
      detail: "O recibo repete o compromisso de semente da encomenda.",
    },
    prompt: {
      title: "A conversa é a enviada",
      detail: "O recibo repete o compromisso com sal da conversa.",
    },
    lineage: {
      title: "A linhagem é a do grupo",
      detail: "O recibo nomeia o registro de linhagem da encomenda.",
    },
    rules: {
      title: "As regras são as vigentes",
      detail: "O recibo nomeia as regras da encomenda.",
    },
    checkpoint: {
      title: "O ponto do registro é o do grupo",
      detail: "A encomenda e o recibo nomeiam o mesmo ponto do registro.",
    },
    memory: {
      title: "Nada da memória junto da conversa",
      detail: "A encomenda não deu memória à máquina e o recibo não nomeia nenhuma.",
    },
    order: {
      title: "O recibo responde a esta encomenda exata",
      detail: "O recibo contém o resumo da encomenda assinada.",
    },
    text: { title: "O texto é o assinado", detail: "O texto tem o resumo que está no recibo." },
    tokens: { title: "Os tokens são os assinados", detail: "Os tokens correspondem ao recibo." },
    rescored: {
      title: "Recalculada por uma segunda máquina",
      detail:
        "Este grupo ainda não recalcula respostas. Que o modelo nomeado escreveu o texto é palavra da máquina.",
    },
    "seed-margin": {
      title: "Os tokens saem da semente",
      detail: "É preciso a mesma segunda execução. Até lá só a máquina os comparou.",
    },
    "log-inclusion": {
      title: "O recibo está em um registro público",
      detail:
        "O grupo guarda uma folha desta resposta, mas ainda não publica um registro: poderia trocar o recibo sem ninguém ver.",
    },
    "node-word": {
      title: "Programas, tempos e tamanho da pergunta",
      detail: "Motor, durações, tokens da pergunta e mensagens omitidas são palavra da máquina.",
    },
    "node-owner": {
      title: "Quem opera a máquina",
      detail:
        "Uma assinatura mostra qual chave assinou, não que pessoa a tem, nem que ela tem só uma.",
    },
    "training-data": {
      title: "Os dados declarados são os verdadeiros",
      detail:
        "A linhagem repete o que declaram o arquivo e seus autores. Nenhum recibo pode mostrar que é completo ou verdadeiro.",
    },
    deletion: {
      title: "A pessoa voluntária apagou a conversa",
      detail:
        "As máquinas não devem guardar nada. Não dá para verificar se algo foi apagado na máquina de outra pessoa.",
    },
    truth: {
      title: "A resposta é verdadeira",
      detail: "Nunca é verificado. Um recibo diz de onde vem um texto, não se está certo.",
    },
  },
  phrases: {
    "licence unknown": "licença desconhecida",
    "training data open": "dados de treino abertos",
    "training data named": "dados de treino nomeados",
    "training data described": "dados de treino descritos",
    "training data undisclosed": "dados de treino não revelados",
    "training data unknown": "dados de treino desconhecidos",
    "as the file declares": "segundo o arquivo",
    "in this repository": "neste repositório",
    "no model: fixed text from the echo engine": "sem modelo: texto fixo",
    "keep the copyright and licence notices": "manter os avisos de autoria e licença",
    "say what was changed": "dizer o que foi mudado",
    "share changed parts under the same licence":
      "compartilhar as partes mudadas sob a mesma licença",
    "share the whole work under the same licence":
      "compartilhar a obra inteira sob a mesma licença",
    "offer the source to network users": "oferecer o código a quem usa pela rede",
    "use it only as its use policy allows": "usar só como suas regras de uso permitem",
    "show the Llama name and ask Meta above 700 million monthly users":
      "mostrar o nome Llama e pedir à Meta acima de 700 milhões de usuários por mês",
    "pass Google's Gemma terms on with it": "passar adiante os termos Gemma do Google",
    "pass the use restrictions of its RAIL licence on with it":
      "passar adiante as restrições da licença RAIL",
    "pass the use restrictions of the DeepSeek model agreement on with it":
      "passar adiante as restrições do acordo DeepSeek",
    "no commercial use": "sem uso comercial",
    "research use only": "só para pesquisa",
    "no permission is given: ask the rights holder":
      "nenhuma permissão: pergunte a quem tem os direitos",
    "asks for nothing": "não pede nada",
  },
  verbs: {
    trained: "treinado",
    "post-trained": "retreinado",
    "fine-tuned": "ajustado",
    quantised: "quantizado",
    merged: "fundido",
    made: "feito",
    distilled: "destilado",
    converted: "convertido",
  },
  howToVerify: [
    "Salve a resposta com seu recibo: com o botão, ou por GET /v1/jobs/{job}/export. É um arquivo zip, answer-{receipt}.zip.",
    "Traga o código deste programa para uma máquina sua, para não precisar confiar neste grupo.",
    "Rode: npm run verify -- answer-{receipt}.zip. Ele diz linha por linha o que confere, o que falha e o que não foi verificado.",
    "Com outras ferramentas: generate.sigstore.json é um pacote Sigstore e keys/node.pem sua chave; qualquer verificador de DSSE e in-toto pode conferir.",
  ],
};
