/** Buttons, notices and the welcome. */
export const door = {
  where_message: "Where did this answer come from?",
  button_where: "Where did this answer come from?",
  button_again: "Ask again",
  button_stop: "Stop",
  button_thread: "Continue in a thread",
  button_export: "Save answer and receipt",
  button_show: "Go on here",
  time_over:
    "This place lets me write for fifteen minutes only, and they are over. The answer is being written all the same.",
  not_an_answer: "This message shows no answer of the pool. Choose one that does.",
  no_such_link:
    "This is no link to an answer in this channel. Copy the link of the answer's message.",
  button_gone: "This button does nothing any more.",
  failed: "Something went wrong on this side; the operator's log says what. Try again in a moment.",
  may_not_write:
    "I may not write in {channel}. Ask a moderator to let me view it and send messages.",
  only_privately:
    "Where an answer came from is told privately, and your direct messages are closed. Press the button below the answer instead.",
  no_question: "There is no question yet. Write one and send it.",
  goes_on: "The answer goes on; the whole of it will come as a file.",
  whole_as_file: "The answer is longer than three messages; the file holds the whole of it.",
  card_as_file: "This is longer than three messages; the file holds the whole of it.",
  rest_as_file: "The file holds everything.",
  saved:
    "The answer, its receipt and all that is needed to verify it. Run: npm run verify -- {file}",
  thread_made: "Go on in the thread: reply or mention me there.",
  no_thread: "A thread cannot be started here.",
  no_threads_for_you: "You may not start threads in this channel.",
  welcome:
    "Hello, I am The Substrate: a community's own AI. Mention me or use /ask, and a volunteer's machine answers.",
  welcome_privacy:
    "The machine that answers sees your question and the conversation it continues. The pool keeps question, answer and a signed receipt; a receipt names no person. I read only what mentions me, replies to me or is sent as a command.",
  welcome_opt_out:
    "To take no part, simply do not address me; moderators can close channels to me in the channel's permissions. /help says more.",
};
