/** English, the language every other falls back to. */
export const en = {
  ask_name: "ask",
  ask_summary: "Ask the pool a question",
  ask_question_name: "question",
  ask_question: "What you want to know",
  ask_model_name: "model",
  ask_model: "The model that should answer; empty: the most capable one online",
  ask_private_name: "private",
  ask_private: "Only you see question and answer",
  where_name: "where",
  where_summary: "Where did an answer come from? Give its link, or get the last one",
  answer_name: "answer",
  answer: "Link of the answer's message; empty: the last one here",
  again_name: "again",
  again_summary: "Ask the same question again, with fresh dice",
  stop_name: "stop",
  stop_summary: "Stop your answer while it is waiting or being written",
  pool_name: "pool",
  pool_summary: "Nodes, models, the queue and the last hour",
  models_name: "models",
  models_summary: "Models you can ask, their licences and training data",
  help_name: "help",
  help_summary: "What you can do here",
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
  not_yours_to_stop: "Only the person who asked, or a moderator, may stop this answer.",
  button_gone: "This button does nothing any more.",
  failed: "Something went wrong on this side; the operator's log says what. Try again in a moment.",
  may_not_write:
    "I may not write in {channel}. Ask a moderator to let me view it and send messages.",
  only_privately:
    "Where an answer came from is told privately, and your direct messages are closed. Press the button below the answer instead.",
  no_question: "There is no question yet. Write one and send it.",
  goes_on: "The answer goes on; the whole of it will come as a file.",
  whole_as_file: "The answer is longer than three messages; the file holds the whole of it.",
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
