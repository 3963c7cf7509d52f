export const matrix = {
  matrix_sent_privately:
    "Je l'ai envoyé à vous seul, dans une conversation directe. Regardez vos invitations.",
  matrix_no_keys:
    "Je ne peux pas lire un message d'ici : ses clés ne me sont pas parvenues. Renvoyez-le ; si cela ne suffit pas, quittez le salon et revenez-y avec cet appareil, ou écrivez dans un salon sans chiffrement.",
  matrix_encryption_off:
    "Ce salon est chiffré, et l'exploitant n'a pas activé le chiffrement pour moi : je ne peux pas lire ce qui s'écrit ici. Demandez-lui MATRIX_ENCRYPTION, ou prenez un salon sans chiffrement.",
  matrix_encryption_not_used: "Chiffrement : désactivé ; ce salon n'est pas chiffré.",
  matrix_encryption_on:
    "Chiffrement : activé. Ce salon : {room}. Appareil {device} : {signed}. Sauvegarde des clés : {backup}.",
  matrix_room_encrypted: "chiffré",
  matrix_room_clear: "non chiffré",
  matrix_device_signed: "signé par son propriétaire",
  matrix_device_unsigned: "non signé par son propriétaire",
  matrix_backup_on: "version {version}",
  matrix_backup_off: "aucune",
  matrix_missed:
    "J'ai été longtemps absent et ne peux pas parcourir tout ce qui a été écrit. Renvoyez ce qui est resté sans réponse.",
  matrix_settings_elsewhere:
    "Les réglages montrés dans l'état de ce salon ne sont qu'une copie ; le pouvoir dans le salon ne les change pas. Ce qui vaut est gardé dans le groupe : changez-le avec `!pool settings`.",
  matrix_settings_mended:
    "Les réglages montrés dans l'état de ce salon ne sont qu'une copie ; le pouvoir dans le salon ne les change pas. Ce qui vaut est gardé dans le groupe : changez-le avec `!pool settings`. J'ai corrigé la copie.",
  matrix_no_power:
    "Je ne peux pas écrire les réglages dans l'état de ce salon : il faut le niveau de pouvoir {needed}, et le mien est {own}. Ils valent tout de même.",
  matrix_standing_differs:
    "Vous avez du pouvoir dans ce salon ({power}), et aucun dans le groupe pour cela : la place dans le groupe ne vient pas d'un niveau de pouvoir. Un responsable du groupe peut le faire, ou les membres par un vote.",
  matrix_start: "Écrivez `!ask` et votre question, ou mentionnez-moi. `!help` montre le reste.",
  matrix_vote_alone: "Voter, pour vous seul",
  matrix_as_many: "autant que vous voulez",
  matrix_in_order: "dans l'ordre que vous préférez",
  matrix_paper: "Votre bulletin pour la proposition {number} : {title}",
  matrix_paper_over:
    "La proposition {number} n'accepte plus de vote sur ce bulletin. `!vote {number}` montre où elle en est.",
  matrix_said_aloud:
    "Ce vote est scellé, et vous avez écrit votre bulletin là où tout le salon peut le lire. Il compte tout de même. Retirez votre message, et la prochaine fois écrivez `!vote {number}` : je vous demanderai ici.",
  matrix_help:
    "Ici aussi : `!save` remet une réponse avec son reçu, `!save 12` le décompte du vote 12, et `!vote 12` vous interroge en privé. Les signes sous un message font ce que dit sa dernière ligne.",
};
