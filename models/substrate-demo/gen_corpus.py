#!/usr/bin/env python3
"""Write the demo model's whole training text: corpus.jsonl and heldout.json.

Input is handbook.txt beside this file, plus the off-topic tables below. Nothing is downloaded and
the random numbers have a fixed seed, so a second run gives the same bytes.

corpus.jsonl: the conversations, in the format of corpus.py.
heldout.json: question phrasings kept out of the corpus, [{"topic", "q", "answers"}].
"""
import hashlib
import json
import random
import re

import corpus
from off_topic import LANGUAGES, LEADS, MORE_TEMPLATES, MORE_WORDS, TEMPLATES, WORDS

RNG = random.Random(20261123)
PER_TOPIC = 400  # conversations per unit of topic weight
OFF_TOPIC = 9000
ADDED_OFF_TOPIC, ADDED_ON_TOPIC = 8000, 6000  # the second part
NAMED_OFF_TOPIC, NAMED_ON_TOPIC = 2000, 11000  # the third part
GO_ON = 0.10  # share of conversations that go on with other topics
TELL_MORE = 0.08  # share that go on with "Tell me more."

OFF_ANSWER = (
    "I am a demo model and I only know this pool's handbook, so I cannot help with that. "
    "A larger model can."
)
LANGUAGE_ANSWER = "I am a demo model and I only understand English. A larger model can help you."

# Openings that handbook.txt names in braces.
OPENINGS = {
    "how": "(how do i|how can i|how to|how do you|how does one|how could i|how would i|what do i do to"
           "|what is the way to|tell me how to|show me how to|explain how to|can you tell me how to"
           "|i want to know how to|what must i do to|is there a way to|can i|how do we|how should i)",
    "want": "(i want to|i would like to|i'd like to|let me|i wish to|i need to|i wanna|help me|can i"
            "|i am trying to)",
    "what": "(what is|what are|what's|whats|explain|tell me about|define|describe|what about"
            "|what is meant by|what do you mean by|can you explain|please explain|i do not understand"
            "|what do you know about|help me understand|could you explain|give me a definition of)",
    "im": "(i am|i'm|im)",
}
# Words that may stand for each other; a word may be in several groups.
SYNONYM_GROUPS = [
    group.split(";") for group in (
        "computer;pc;machine;laptop;desktop;box;notebook;rig;device", "node;worker;volunteer node;node",
        "nodes;workers;volunteers;nodes", "question;query;prompt;request;message", "questions;queries;prompts;requests",
        "answer;reply;response;output;text", "answers;replies;responses;outputs", "voting;balloting;the vote;votes",
        "vote;ballot;poll;vote", "proposal;suggestion;motion;initiative", "proposals;suggestions;motions;initiatives",
        "rules;guidelines;laws;regulations;bylaws", "rule;guideline;law;regulation", "members;people;users;participants;folks",
        "member;user;participant;person", "slow;sluggish;laggy;late", "see;view;look at;find;read;look up",
        "private;secret;confidential;hidden", "delete;erase;remove;wipe;clear;get rid of", "start;begin;launch;set up;boot",
        "stop;halt;end;abort;quit;finish", "change;alter;modify;adjust;edit", "choose;pick;select;take", "model;llm;ai;brain",
        "models;llms;ais;brains", "pool;network;service;system;project", "check;verify;test;inspect;examine",
        "community;group;server;guild;club", "need;require;have to have", "get;obtain;receive;have", "earn;get;collect;make;gain",
        "cheat;lie;fake;trick;deceive", "work;function;operate;run", "works;functions;operates;runs", "big;large;huge;great",
        "small;tiny;little", "lend;share;offer;give;provide", "run;operate;host;start", "pass;go through;succeed;win",
        "made;produced;created;generated;written", "someone;somebody;a person;anyone;a stranger", "money;cash;payment;dollars",
        "company;corporation;business;firm", "show;display;list;tell me", "help;assist;support", "crashes;dies;breaks;fails;goes down",
        "internet;network;web", "store;save;keep;record;log", "stored;saved;kept;recorded;logged", "true;correct;right;accurate",
        "wrong;false;incorrect;bad", "happens;occurs;goes on;takes place", "when;at what time;at which point", "why;how come;for what reason",
        "who;which person;who exactly", "explain;describe;clarify", "here;around here;in this place;on this server;in our group",
        "fair;just;equal", "wait;queue up;stand in line", "long;much time", "free;gratis;for nothing", "safe;secure;ok",
        "always;every time;at all times", "also;too;as well", "now;right now;at the moment;today;currently", "many;lots of;plenty of",
        "can;could;may", "want;wish;need;would like", "write;type;enter;post", "think;believe;guess", "use;try;work with",
        "needed;required;necessary", "decide;choose;determine", "decision;choice;verdict", "result;outcome", "limit;cap;bound",
        "limits;caps;bounds", "leave;quit;go away;drop out", "pause;suspend;take a break with", "join;enter;take part in;sign up for",
        "training data;training set;source data", "licence;license;terms", "signature;seal", "key;secret key", "lost;gone;missing",
        "fast;quick;speedy", "idea;thought;plan", "moderator;mod;admin", "moderators;mods;admins", "agent;bot;program",
        "agents;bots;programs", "credits;points;rewards", "download;fetch", "open;public", "house;chamber;council",
    )
]
SYNONYMS = {}
for group in SYNONYM_GROUPS:
    for word in group:
        SYNONYMS.setdefault(word, []).extend(group)
# What people say around a question; it stands before off-topic questions as well, so it decides nothing.
BEFORE = [
    "i was wondering: ", "my friend asked me: ", "sorry if this is a stupid question, but ", "not sure about this: ", "i am curious, ",
    "new user here. ", "i joined yesterday. ", "we are a small group. ", "i have read the page, but ", "my brother told me about this. ",
    "i am on my phone. ", "good morning. ", "it is late, but ", "i do not get it. ", "listen, ", "honestly, ", "for my understanding: ",
    "i am writing an article. ", "before i start: ", "someone told me to ask you: ", "let me ask you this: ", "this may sound odd. ",
    "i just came here. ", "i talked to a friend. ", "one thing i do not understand: ", "i have been thinking. ", "no rush, but ",
    "you there? ", "be honest: ", "in a few words: ", "in one sentence, ", "for beginners: ", "my question is: ", "dear bot, ",
]
AFTER = [
    ", i am curious", ", or am i wrong", "? thanks a lot", "? i am new", "? just asking", "? please be brief", "? asking for a friend",
    "? i could not find it", "? sorry", ", my friend", ", please tell me", "? keep it short", "? i really want to know", " or not",
    " or what", "? anyone", ", bot", "? any idea", "? it is important",
]
FRONT = ["um ", "ok ", "so ", "please ", "pls ", "well, ", "just curious, ", "hey bot ", "sorry, ", "and ", "but ",
         "one more thing, ", "quick question: ", "hi, ", "hello. ", "hey, ", "i am new here. ", "question: ", "ok so ",
         "can you tell me ", "i wonder ", "tell me ", "do you know ", "first, ", "excuse me, "]
BACK = [" here", " please", " pls", " thanks", " exactly", " in this pool", " today", " then", " for me", " again",
        " in practice", " in short", " really", " in the substrate", " on this server", " in this room", " briefly"]
SMALL = set("the a an is are do does of to in for with it that this me you can could please about i my".split())
MORE = ["Tell me more.", "tell me more", "More, please.", "Go on.", "go on", "Anything else?", "more", "What else?",
        "and then?", "what else should i know?", "can you say more?", "more details", "Tell me more about that",
        "continue", "explain more", "and?"]
SYSTEMS = [
    "You are a helpful assistant.",
    "You are the demo model of The Substrate.",
    "Answer briefly.",
    "Answer the question in a chat room. Be short and honest.",
    # The default system prompt of node-llama-cpp's chat session.
    "You are a helpful, respectful and honest assistant. Always answer as helpfully as possible.\n"
    "If a question does not make any sense, or is not factually coherent, explain why instead of answering "
    "something incorrectly. If you don't know the answer to a question, don't share false information.",
]
CONSONANTS = "b c d f g h j k l m n p qu r s t v w x z bl br ch cr dr fl gr kl pr sch sh st th tr zw".split()
VOWELS = "a e i o u y ai ea ee oo ou".split()
ENDINGS = ["", "", "n", "r", "s", "x", "ng", "t", "ck", "m", "sis", "ous", "ium", "ing"]
# Names as people write them; the first two parts of the corpus have them in small letters.
NAMES = {
    "the substrate": "The Substrate", "substrate": "Substrate", "discord": "Discord", "matrix": "Matrix", "gpu": "GPU",
    "gpus": "GPUs", "cpu": "CPU", "ai": "AI", "ais": "AIs", "llm": "LLM", "llms": "LLMs", "pc": "PC", "smollm2": "SmolLM2",
    "ed25519": "Ed25519", "sha-256": "SHA-256", "sha256": "SHA-256", "dsse": "DSSE", "openai": "OpenAI", "chatgpt": "ChatGPT",
    "google": "Google", "element": "Element", "eta": "ETA", "nat": "NAT", "vpn": "VPN", "gdpr": "GDPR", "nvidia": "NVIDIA",
    "linux": "Linux", "i": "I",
}
NAME = re.compile(r"\b(" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")\b")
GROUP = re.compile(r"\(([^()]*)\)")


def read_handbook(path="handbook.txt"):
    """Parse the handbook into [{name, weight, answer, more, questions}]; more is "" where there is none."""
    topics = []
    for line in open(path, encoding="ascii"):
        line = line.strip()
        if line.startswith("== "):
            _, name, weight = line.split()
            topics.append(dict(name=name, weight=float(weight), answer="", more="", questions=[]))
        elif line[:2] == "A:":
            topics[-1]["answer"] = line[3:]
        elif line[:2] == "M:":
            topics[-1]["more"] = line[3:]
        elif line[:2] == "Q:":
            topics[-1]["questions"].append(line[3:])
    return topics


def expand(pattern, rng=RNG):
    """Fill {openings} and choose one side of every (a|b), innermost first."""
    for name, choices in OPENINGS.items():
        pattern = pattern.replace("{" + name + "}", choices)
    while True:
        text = GROUP.sub(lambda m: rng.choice(m[1].split("|")), pattern)
        if text == pattern:
            return " ".join(text.split())
        pattern = text


def held_out(question):
    """A fixed 4 % of the exact phrasings never enters the corpus."""
    return hashlib.sha256(question.encode()).digest()[0] < 10


def typo(text):
    """Swap, drop, double or replace one letter."""
    i = RNG.randrange(1, len(text) - 1)
    return RNG.choice([
        text[:i] + text[i + 1] + text[i] + text[i + 2:],
        text[:i] + text[i + 1:],
        text[:i] + text[i] + text[i:],
        text[:i] + RNG.choice("abcdefghijklmnoprstuvwy") + text[i + 1:],
    ])


def noisy(question):
    """Reword a question as people type: synonyms, lost small words, swapped words, extra words, typos."""
    words = []
    for word in question.split(" "):
        if word in SYNONYMS and RNG.random() < 0.35:
            word = RNG.choice(SYNONYMS[word])
        if word in SMALL and RNG.random() < 0.1:
            continue
        if word:
            words.append(word)
    if RNG.random() < 0.06 and len(words) > 3:
        i = RNG.randrange(len(words) - 1)
        words[i], words[i + 1] = words[i + 1], words[i]
    text = " ".join(words) or question
    if RNG.random() < 0.3:
        text = RNG.choice(FRONT if RNG.random() < 0.5 else BEFORE) + text
    if RNG.random() < 0.2:
        text += RNG.choice(BACK if RNG.random() < 0.5 else AFTER)
    if RNG.random() < 0.12 and len(text) > 9:
        text = typo(text)
    return text


def key_words(topic):
    """Two to four content words of one question, in any order."""
    words = [w.strip(",") for w in expand(RNG.choice(topic["questions"])).split(" ")]
    words = [w for w in words if w not in SMALL and w not in ("how", "what", "who", "when", "if")]
    if len(words) < 2:
        return None
    chosen = RNG.sample(words, min(len(words), RNG.choice([2, 3, 3, 4])))
    return " ".join(RNG.choice(SYNONYMS[w]) if w in SYNONYMS and RNG.random() < 0.3 else w for w in chosen)


def dress(text):
    """Case and end mark, as varied as in a chat room."""
    if RNG.random() < 0.55:
        text = text[:1].upper() + text[1:]
        text = re.sub(r"\bi\b", "I", text)
    elif RNG.random() < 0.03:
        text = text.upper()
    if text[-1].isalnum() or text[-1] == ")":
        text += RNG.choice(["?", "?", "?", "?", "", "", "", ".", "??", " ?", "!"])
    return text


def ask(topic):
    """One question of the topic; never a held-out phrasing."""
    while True:
        question = expand(RNG.choice(topic["questions"]))
        if held_out(question):
            continue
        roll = RNG.random()
        if roll < 0.07 and topic["name"] not in ("more", "hello", "thanks", "bye", "identity"):
            bag = key_words(topic)
            if bag and not held_out(bag):
                return dress(bag)
        if roll < 0.60:
            question = noisy(question)
        return dress(question)


def made_up_word():
    """Two or three random syllables."""
    return "".join(RNG.choice(CONSONANTS) + RNG.choice(VOWELS) for _ in range(RNG.choice([2, 2, 3]))) + RNG.choice(ENDINGS)


def ask_off_topic(templates=TEMPLATES, words=WORDS):
    """One question that the handbook does not answer."""
    text = RNG.choice(templates)
    while "{" in text:
        text = re.sub(
            r"\{(\w+)\}",
            lambda m: made_up_word() if m[1] == "fake" else RNG.choice(words[m[1]]), text, count=1)
    text = expand(text)
    if RNG.random() < 0.2:
        text = RNG.choice(LEADS) + text
    return dress(noisy(text) if RNG.random() < 0.4 else text)


def conversations(topics):
    """The corpus in the keys of corpus.py, shuffled."""
    talks = []

    def turn(topic=None):
        topic = topic or RNG.choice(topics)
        return [ask(topic), "=" + topic["name"]]

    def off_turn():
        return [ask_off_topic(), "=off"]

    def add(turns):
        system = ["$%d" % RNG.choices(range(len(SYSTEMS)), [3, 3, 3, 3, 1])[0]] if RNG.random() < 0.25 else []
        talks.append(system + turns)

    for topic in topics:
        for _ in range(round(topic["weight"] * PER_TOPIC)):
            turns = turn(topic)
            roll = RNG.random()
            if roll < TELL_MORE and topic["more"]:
                turns += [RNG.choice(MORE), "+" + topic["name"]]
            elif roll < TELL_MORE + GO_ON:
                for _ in range(RNG.choice([1, 1, 1, 2, 3, 5])):
                    turns += off_turn() if RNG.random() < 0.2 else turn()
            add(turns)
    for _ in range(OFF_TOPIC):
        turns = off_turn()
        if RNG.random() < GO_ON:
            turns += turn() if RNG.random() < 0.6 else off_turn()
        add(turns)
    for sentence in LANGUAGES:
        for _ in range(10):
            add([dress(typo(sentence) if RNG.random() < 0.2 else sentence), "=language"])
    RNG.shuffle(talks)
    return talks


def additions(topics):
    """The second part, for the second stage of training: unknown words, and all topics evenly."""
    words = {**WORDS, **MORE_WORDS}
    talks = [[ask_off_topic(MORE_TEMPLATES, words), "=off"] for _ in range(ADDED_OFF_TOPIC)]
    for _ in range(ADDED_ON_TOPIC):
        topic = RNG.choice(topics)
        talks.append([ask(topic), "=" + topic["name"]])
    RNG.shuffle(talks)
    return talks


def named(topics):
    """The third part: names in their usual spelling, topics by weight, the product's own name often."""
    def spelled(question):
        text = NAME.sub(lambda m: NAMES[m[1]], question)
        return text[:1].upper() + text[1:] if RNG.random() < 0.8 else text

    weights = [topic["weight"] for topic in topics]
    talks = [[spelled(ask_off_topic(MORE_TEMPLATES, {**WORDS, **MORE_WORDS})), "=off"] for _ in range(NAMED_OFF_TOPIC)]
    for topic in RNG.choices(topics, weights, k=NAMED_ON_TOPIC):
        talks.append([spelled(ask(topic)), "=" + topic["name"]])
    for opening in OPENINGS["what"][1:-1].split("|"):
        for name in ("The Substrate", "the Substrate", "Substrate"):
            talks += [[f"{opening[:1].upper()}{opening[1:]} {name}{mark}", "=substrate"] for mark in ("?", "?", "", ".")]
    for question, name in (("How does The Substrate work", "how.it.works"), ("Who owns The Substrate", "owner")):
        for mark in ("?", "?", "", " really?"):
            talks += [[question + mark, "=" + name], [question.replace("The", "the") + mark, "=" + name]]
    RNG.shuffle(talks)
    return talks


def held_out_questions(topics, per_topic=3):
    """A few of the phrasings that never enter the corpus."""
    probe, questions = random.Random(1), []
    for topic in topics:
        found = set()
        for _ in range(4000):
            question = expand(probe.choice(topic["questions"]), probe)
            if held_out(question):
                found.add(question)
        for question in sorted(found)[:: max(1, len(found) // per_topic)][:per_topic]:
            questions.append({"topic": topic["name"], "q": question[:1].upper() + question[1:] + "?"})
    return questions


def main():
    topics = read_handbook()
    answers = {t["name"]: t["answer"] for t in topics}
    answers.update(off=OFF_ANSWER, language=LANGUAGE_ANSWER)
    texts = {"=" + name: answer for name, answer in answers.items()}
    texts.update({"+" + t["name"]: t["more"] for t in topics if t["more"]})
    texts.update({"$%d" % i: prompt for i, prompt in enumerate(SYSTEMS)})
    talks = conversations(topics)
    parts = [len(talks)]
    for more in (additions(topics), named(topics)):
        talks += more
        parts.append(len(talks))
    assert parts[:2] == corpus.PARTS, "put these counts into corpus.py: " + str(parts)
    corpus.write("corpus.jsonl", texts, talks)
    questions = held_out_questions(topics)
    with open("heldout.json", "w", encoding="ascii") as out:
        json.dump({"answers": answers, "questions": questions}, out, indent=1)
    print(parts, "conversations,", len(topics), "topics,", len(questions), "held-out phrasings")


if __name__ == "__main__":
    main()
