/** Buttons, notices and the welcome. */
export const door = {
  where_message: "Woher kam diese Antwort?",
  button_where: "Woher kam diese Antwort?",
  button_again: "Nochmal fragen",
  button_stop: "Stopp",
  button_thread: "Im Thread weiter",
  button_export: "Antwort und Beleg sichern",
  button_show: "Hier weiter",
  time_over:
    "An diesem Ort darf ich nur fünfzehn Minuten schreiben, und die sind um. Die Antwort entsteht trotzdem weiter.",
  not_an_answer: "Diese Nachricht zeigt keine Antwort des Pools. Wähle eine, die es tut.",
  no_such_link:
    "Das ist kein Link zu einer Antwort in diesem Kanal. Kopiere den Link der Nachricht mit der Antwort.",
  button_gone: "Dieser Knopf tut nichts mehr.",
  failed:
    "Hier ging etwas schief; das Protokoll des Betreibers sagt, was. Versuche es gleich noch einmal.",
  may_not_write:
    "In {channel} darf ich nicht schreiben. Bitte die Moderation, mir Ansehen und Senden zu erlauben.",
  only_privately:
    "Woher eine Antwort kam, sage ich privat, und deine Direktnachrichten sind zu. Drücke stattdessen den Knopf unter der Antwort.",
  no_question: "Noch steht keine Frage da. Schreibe eine und sende sie.",
  goes_on: "Die Antwort geht weiter; das Ganze kommt als Datei.",
  whole_as_file: "Die Antwort ist länger als drei Nachrichten; die Datei enthält das Ganze.",
  card_as_file: "Das ist länger als drei Nachrichten; die Datei enthält das Ganze.",
  rest_as_file: "Die Datei enthält alles.",
  saved: "Die Antwort, ihr Beleg und alles, um sie zu prüfen. Starte: npm run verify -- {file}",
  thread_made: "Weiter geht es im Thread: antworte oder erwähne mich dort.",
  no_thread: "Hier lässt sich kein Thread beginnen.",
  no_threads_for_you: "Du darfst in diesem Kanal keine Threads beginnen.",
  welcome:
    "Hallo, ich bin The Substrate: die eigene KI einer Gemeinschaft. Erwähne mich oder nimm /ask, und der Rechner einer Freiwilligen antwortet.",
  welcome_privacy:
    "Der Rechner, der antwortet, sieht deine Frage und das Gespräch davor. Der Pool behält Frage, Antwort und einen signierten Beleg; der Beleg nennt keine Person. Ich lese nur, was mich erwähnt, mir antwortet oder als Befehl kommt.",
  welcome_opt_out:
    "Wer nicht mitmachen will, spricht mich einfach nicht an; die Moderation kann mir Kanäle in deren Rechten verschließen. /help sagt mehr.",
};
