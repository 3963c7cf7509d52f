export const matrix = {
  matrix_sent_privately: "Enviei só para você, em uma conversa direta. Veja os seus convites.",
  matrix_no_keys:
    "Não consigo ler uma mensagem daqui: as chaves dela não chegaram até mim. Envie de novo; se não adiantar, saia da sala e entre outra vez com esse dispositivo, ou escreva em uma sala sem criptografia.",
  matrix_encryption_off:
    "Esta sala é criptografada e quem opera o serviço não ligou a criptografia para mim: não consigo ler o que se escreve aqui. Peça MATRIX_ENCRYPTION, ou use uma sala sem criptografia.",
  matrix_encryption_not_used: "Criptografia: desligada; esta sala não é criptografada.",
  matrix_encryption_on:
    "Criptografia: ligada. Esta sala: {room}. Dispositivo {device}: {signed}. Cópia das chaves: {backup}.",
  matrix_room_encrypted: "criptografada",
  matrix_room_clear: "sem criptografia",
  matrix_device_signed: "assinado pelo dono",
  matrix_device_unsigned: "não assinado pelo dono",
  matrix_backup_on: "versão {version}",
  matrix_backup_off: "nenhuma",
  matrix_missed:
    "Fiquei fora por muito tempo e não consigo percorrer tudo o que foi escrito. Enviem de novo o que ficou sem resposta.",
  matrix_settings_elsewhere:
    "As configurações mostradas no estado desta sala são só uma cópia; poder na sala não as muda. O que vale está no grupo: mude com `!pool settings`.",
  matrix_settings_mended:
    "As configurações mostradas no estado desta sala são só uma cópia; poder na sala não as muda. O que vale está no grupo: mude com `!pool settings`. Corrigi a cópia.",
  matrix_no_power:
    "Não posso escrever as configurações no estado desta sala: é preciso o nível de poder {needed}, e o meu é {own}. Elas valem mesmo assim.",
  matrix_standing_differs:
    "Você tem poder nesta sala ({power}), e nenhum no grupo para isto: a posição no grupo não vem de um nível de poder. Um responsável do grupo pode fazê-lo, ou os membros por votação.",
  matrix_start: "Escreva `!ask` e a sua pergunta, ou me mencione. `!help` mostra o resto.",
  matrix_vote_alone: "Votar, só para você",
  matrix_as_many: "quantas quiser",
  matrix_in_order: "na ordem que preferir",
  matrix_paper: "A sua cédula na proposta {number}: {title}",
  matrix_paper_over:
    "A proposta {number} não aceita mais votos nesta cédula. `!vote {number}` mostra como ela está.",
  matrix_said_aloud:
    "Esta votação é selada, e você escreveu o seu voto onde toda a sala pode ler. Ele conta mesmo assim. Apague a sua mensagem e, da próxima vez, escreva `!vote {number}`: então pergunto aqui.",
  matrix_help:
    "Aqui também: `!save` entrega uma resposta com o recibo, `!save 12` a contagem da votação 12, e `!vote 12` pergunta só a você. Os sinais abaixo de uma mensagem fazem o que diz a última linha.",
};
