/** Buttons, notices and the welcome. */
export const door = {
  where_message: "D'où vient cette réponse ?",
  button_where: "D'où vient cette réponse ?",
  button_again: "Redemander",
  button_stop: "Arrêter",
  button_thread: "Continuer dans un fil",
  button_export: "Enregistrer réponse et reçu",
  button_show: "Continuer ici",
  time_over:
    "Ici je ne peux écrire que quinze minutes, et elles sont passées. La réponse continue pourtant de s'écrire.",
  not_an_answer: "Ce message ne montre aucune réponse. Choisissez-en un qui en montre une.",
  no_such_link:
    "Ce n'est pas le lien d'une réponse de ce salon. Copiez le lien du message de la réponse.",
  button_gone: "Ce bouton ne fait plus rien.",
  failed:
    "Quelque chose a échoué de ce côté ; le journal de l'opérateur dit quoi. Réessayez bientôt.",
  may_not_write:
    "Je ne peux pas écrire dans {channel}. Demandez à la modération de me laisser le voir et y écrire.",
  only_privately:
    "L'origine d'une réponse se dit en privé, et vos messages privés sont fermés. Utilisez le bouton sous la réponse.",
  no_question: "Il n'y a pas encore de question. Écrivez-en une et envoyez-la.",
  goes_on: "La réponse continue ; elle viendra en entier dans un fichier.",
  whole_as_file: "La réponse dépasse trois messages ; le fichier la contient en entier.",
  card_as_file: "Cela dépasse trois messages ; le fichier contient le tout.",
  rest_as_file: "Le fichier contient tout.",
  saved: "La réponse, son reçu et de quoi la vérifier. Lancez : npm run verify -- {file}",
  thread_made: "La suite dans le fil : répondez ou mentionnez-moi là-bas.",
  no_thread: "On ne peut pas ouvrir de fil ici.",
  no_threads_for_you: "Vous ne pouvez pas ouvrir de fil dans ce salon.",
  welcome:
    "Bonjour, je suis The Substrate : l'IA d'une communauté. Mentionnez-moi ou utilisez /ask, et la machine d'un volontaire répond.",
  welcome_privacy:
    "La machine qui répond voit votre question et la conversation qu'elle poursuit. Question, réponse et reçu signé sont gardés ; le reçu ne nomme personne. Je ne lis que ce qui me mentionne, me répond ou arrive comme commande.",
  welcome_opt_out:
    "Pour ne pas participer, il suffit de ne pas s'adresser à moi ; la modération peut me fermer des salons dans leurs permissions. /help en dit plus.",
};
