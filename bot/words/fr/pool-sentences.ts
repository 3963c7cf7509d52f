import type { PoolSentences } from "../sentences.ts";
import { refusals } from "./refusals.ts";

/** Ce que dit le groupe, en français. */
export const poolSentences: PoolSentences = {
  byCode: {
    ...refusals,
    not_yours: "Seule la personne qui a demandé, ou la modération de ce lieu, peut l'arrêter.",
    private:
      "Cette question était privée : seule la personne qui l'a posée voit d'où vient la réponse.",
    room_not_allowed:
      "Dans ce salon les questions n'ont pas de réponse : la modération en a choisi d'autres. Demandez dans l'un d'eux.",
    may_not_ask:
      "Ici seuls les membres avec certains rôles peuvent demander. Demandez-en un à la modération, ou posez la question ailleurs.",
    model_not_served:
      "Ce modèle n'est pas servi dans ce groupe. Demandez sans nommer de modèle, ou nommez-en un autre.",
    quota_reached:
      "Vous avez posé aujourd'hui toutes les questions que chacun a ici. Le nouveau jour commence à 0 h UTC ; une machine à vous en donne plus aussitôt.",
    too_many_asks:
      "C'est plus de questions en une minute que le groupe n'en prend. Redemandez dans un instant.",
    too_many_requests: "Trop de requêtes sont venues d'ici. Réessayez dans un instant.",
    node_unknown: "Cette machine n'a jamais été vue. Regardez la liste des machines.",
    no_standing: "Rien n'est décidé sur cette machine ici, donc il n'y a rien à lever.",
    report_unknown: "Ce signalement n'existe pas. Il a peut-être été effacé.",
    erased: "La question et sa réponse ont été effacées, comme le lieu ou la personne l'a voulu.",
    order_erased:
      "Une partie antérieure de cette conversation a été effacée. La réponse et son reçu restent visibles, les fichiers de contrôle non.",
    policy_voted:
      "Les membres l'ont décidé par un vote, donc la modération ne peut pas le changer. Proposez un changement.",
    policy_stale: "Quelqu'un l'a changé entre-temps. Regardez de nouveau.",
    policy_value: "Cette valeur ne va pas pour ce réglage.",
    prompt_empty: "Il n'y a pas encore de question. Écrivez-en une et envoyez-la.",
    prompt_too_long:
      "Cette question a {1} caractères ; le groupe en prend au plus {2}. Raccourcissez-la et renvoyez-la.",
    prompt_not_text:
      "Ce n'est pas du texte : il contient des signes qui n'en sont pas. Envoyez du texte simple.",
    body_too_large: "C'est trop long. Envoyez une question plus courte.",
    model_unknown: "Aucun modèle « {1} » n'est connu. /modeles montre ceux qu'il y a.",
    continues_unknown:
      "La réponse à laquelle vous répondez n'est pas de cette communauté ou n'a pas encore de texte. Demandez sans y répondre.",
    job_unknown: "Cette question n'existe pas. Elle a peut-être été effacée.",
    no_answer:
      "Cette question n'a pas de réponse signée, donc pas de reçu. Attendez la fin, ou redemandez.",
    receipt_unknown: "Il n'y a pas de reçu avec cet identifiant.",
    not_ready: "Le groupe ne peut pas travailler maintenant. Réessayez bientôt.",
    internal:
      "Quelque chose a échoué dans le groupe, et c'est noté dans son journal. Réessayez, et prévenez l'opérateur si cela dure.",
    pool_unreachable:
      "Le groupe ne répond pas. Rien n'est perdu ; réessayez quand il sera de retour.",
    pool_garbled:
      "La réponse du groupe est incompréhensible. Les versions ne s'accordent peut-être pas.",
    not_moderator:
      "Seule la modération de ce lieu peut le faire. Demandez-lui, ou proposez-le aux membres.",
    not_pool_moderator:
      "Cela touche tout le groupe, donc seule sa modération peut le faire. Demandez-lui, ou proposez-le aux membres.",
    invite_not_allowed:
      "Seules la modération de cette communauté et la personne qui opère le groupe invitent des machines. Demandez-leur.",
    no_node:
      "Aucune machine avec {model} n'est en ligne, donc personne ne peut répondre. Réessayez plus tard, ou choisissez un autre modèle.",
    waiting_for_node:
      "Aucune machine avec {model} n'est en ligne. La question est gardée et aura sa réponse quand une machine viendra.",
    expired:
      "Personne n'a pu répondre à temps, donc la question est abandonnée. Redemandez quand il y aura plus de machines.",
    stopped: "Arrêtée avant qu'une réponse soit écrite.",
    too_many_attempts:
      "{1} essais sur des machines de volontaires n'ont donné aucune réponse, donc le groupe abandonne. Redemandez, ou choisissez un autre modèle.",
    node_left: "La machine « {node} » est partie ; la réponse recommence sur une autre.",
    node_silent: "La machine « {node} » s'est tue ; la réponse recommence sur une autre.",
    node_refused: "La machine « {node} » n'a pas pu ; la réponse recommence sur une autre.",
    receipt_refused:
      "La machine « {node} » a envoyé un reçu qui ne va pas avec sa réponse ; elle recommence sur une autre.",
    bad_frames:
      "La machine « {node} » n'a pas suivi les règles de la ligne ; la réponse recommence sur une autre.",
    pool_restarted:
      "La partie du groupe qui menait cette réponse est partie ; elle recommence sur une autre machine.",
  },
  checks: {
    signature: {
      title: "Signature de la machine",
      detail: "Les octets exacts du reçu sont signés avec la clé de la machine.",
    },
    job: {
      title: "Le reçu est pour cette question",
      detail: "Identifiant, essai, valeur unique, échéance et machine sont ceux de la commande.",
    },
    pool: {
      title: "Le reçu nomme ce groupe",
      detail: "Le reçu nomme la clé qui a signé la commande.",
    },
    model: {
      title: "Le fichier du modèle est celui commandé",
      detail: "La machine nomme le fichier commandé, sha256 {1}.",
    },
    settings: {
      title: "Les réglages sont ceux commandés",
      detail: "Les réglages et la limite de jetons sont ceux de la commande.",
    },
    seed: {
      title: "La graine est celle promise",
      detail: "Le reçu répète l'engagement sur la graine de la commande.",
    },
    prompt: {
      title: "La conversation est celle envoyée",
      detail: "Le reçu répète l'engagement salé sur la conversation.",
    },
    lineage: {
      title: "La lignée est celle du groupe",
      detail: "Le reçu nomme la fiche de lignée de la commande.",
    },
    rules: {
      title: "Les règles sont celles en vigueur",
      detail: "Le reçu nomme les règles de la commande.",
    },
    checkpoint: {
      title: "Le point du journal est celui du groupe",
      detail: "La commande et le reçu nomment le même point du journal.",
    },
    memory: {
      title: "Rien de la mémoire à côté de la conversation",
      detail: "La commande n'a donné aucune mémoire et le reçu n'en nomme pas.",
    },
    order: {
      title: "Le reçu répond à cette commande exacte",
      detail: "Le reçu contient l'empreinte de la commande signée.",
    },
    text: { title: "Le texte est celui signé", detail: "Le texte a l'empreinte inscrite au reçu." },
    tokens: { title: "Les jetons sont ceux signés", detail: "Les jetons correspondent au reçu." },
    rescored: {
      title: "Recalculée par une seconde machine",
      detail:
        "Ce groupe ne recalcule pas encore les réponses. Que le modèle nommé ait écrit le texte est la parole de la machine.",
    },
    "seed-margin": {
      title: "Les jetons découlent de la graine",
      detail: "Il faut le même second calcul. D'ici là, seule la machine les a comparés.",
    },
    "log-inclusion": {
      title: "Le reçu est dans un journal public",
      detail:
        "Le groupe garde une feuille pour cette réponse mais ne publie pas encore de journal : il pourrait changer le reçu sans être vu.",
    },
    "node-word": {
      title: "Logiciel, durées et longueur de la question",
      detail:
        "Moteur, durées, jetons de la question et messages omis sont la parole de la machine.",
    },
    "node-owner": {
      title: "Qui fait tourner la machine",
      detail:
        "Une signature montre quelle clé a signé, pas quelle personne la tient, ni qu'elle n'en a qu'une.",
    },
    "training-data": {
      title: "Les données déclarées sont les vraies",
      detail:
        "La lignée répète ce que déclarent le fichier et ses auteurs. Aucun reçu ne peut montrer que c'est complet ou vrai.",
    },
    deletion: {
      title: "Le volontaire a effacé la conversation",
      detail:
        "Les machines ne doivent rien garder. L'effacement chez autrui ne peut pas être contrôlé.",
    },
    truth: {
      title: "La réponse est vraie",
      detail: "Jamais contrôlé. Un reçu dit d'où vient un texte, pas s'il est juste.",
    },
  },
  phrases: {
    "licence unknown": "licence inconnue",
    "training data open": "données d'entraînement ouvertes",
    "training data named": "données d'entraînement nommées",
    "training data described": "données d'entraînement décrites",
    "training data undisclosed": "données d'entraînement non divulguées",
    "training data unknown": "données d'entraînement inconnues",
    "as the file declares": "selon le fichier",
    "in this repository": "dans ce dépôt",
    "no model: fixed text from the echo engine": "aucun modèle : texte fixe",
    "keep the copyright and licence notices": "garder les mentions d'auteur et de licence",
    "say what was changed": "dire ce qui a changé",
    "share changed parts under the same licence":
      "partager les parties changées sous la même licence",
    "share the whole work under the same licence": "partager toute l'œuvre sous la même licence",
    "offer the source to network users": "offrir le code à qui l'utilise en réseau",
    "use it only as its use policy allows": "ne l'utiliser que selon ses règles d'usage",
    "show the Llama name and ask Meta above 700 million monthly users":
      "montrer le nom Llama et demander à Meta au-delà de 700 millions d'utilisateurs par mois",
    "pass Google's Gemma terms on with it": "transmettre avec lui les conditions Gemma de Google",
    "pass the use restrictions of its RAIL licence on with it":
      "transmettre avec lui les restrictions de sa licence RAIL",
    "pass the use restrictions of the DeepSeek model agreement on with it":
      "transmettre avec lui les restrictions de l'accord DeepSeek",
    "no commercial use": "pas d'usage commercial",
    "research use only": "recherche seulement",
    "no permission is given: ask the rights holder":
      "aucune permission : demandez aux ayants droit",
    "asks for nothing": "ne demande rien",
  },
  verbs: {
    trained: "entraîné",
    "post-trained": "réentraîné",
    "fine-tuned": "affiné",
    quantised: "quantifié",
    merged: "fusionné",
    made: "fait",
    distilled: "distillé",
    converted: "converti",
  },
  howToVerify: [
    "Enregistrez la réponse avec son reçu : avec le bouton, ou par GET /v1/jobs/{job}/export. C'est un fichier zip, answer-{receipt}.zip.",
    "Prenez le code de ce programme sur une machine à vous, pour ne pas devoir croire ce groupe.",
    "Lancez : npm run verify -- answer-{receipt}.zip. Il dit ligne par ligne ce qui tient, ce qui échoue et ce qui n'a pas été contrôlé.",
    "Avec d'autres outils : generate.sigstore.json est un paquet Sigstore et keys/node.pem sa clé ; tout vérificateur DSSE et in-toto peut le contrôler.",
  ],
};
