export const matrix = {
  matrix_sent_privately:
    "Ich habe es nur dir geschickt, in einer direkten Unterhaltung. Sieh in deinen Einladungen nach.",
  matrix_no_keys:
    "Ich kann hier eine Nachricht nicht lesen: Ihre Schlüssel haben mich nicht erreicht. Schick sie noch einmal; hilft das nicht, verlass den Raum mit diesem Gerät und betritt ihn neu, oder schreib in einem Raum ohne Verschlüsselung.",
  matrix_encryption_off:
    "Dieser Raum ist verschlüsselt, und der Betreiber hat die Verschlüsselung für mich nicht eingeschaltet: Ich kann nicht lesen, was hier steht. Bitte den Betreiber um MATRIX_ENCRYPTION, oder nimm einen Raum ohne Verschlüsselung.",
  matrix_encryption_not_used:
    "Verschlüsselung: ausgeschaltet; dieser Raum ist nicht verschlüsselt.",
  matrix_encryption_on:
    "Verschlüsselung: an. Dieser Raum: {room}. Gerät {device}: {signed}. Schlüsselsicherung: {backup}.",
  matrix_room_encrypted: "verschlüsselt",
  matrix_room_clear: "nicht verschlüsselt",
  matrix_device_signed: "von seinem Besitzer unterschrieben",
  matrix_device_unsigned: "nicht von seinem Besitzer unterschrieben",
  matrix_backup_on: "Version {version}",
  matrix_backup_off: "keine",
  matrix_missed:
    "Ich war lange fort und kann nicht alles durchsehen, was geschrieben wurde. Bitte schickt noch einmal, was keine Antwort bekam.",
  matrix_settings_elsewhere:
    "Die Einstellungen im Zustand dieses Raums sind nur eine Abschrift; Macht im Raum ändert sie nicht. Was gilt, steht im Pool: Ändere es mit `!pool settings`.",
  matrix_settings_mended:
    "Die Einstellungen im Zustand dieses Raums sind nur eine Abschrift; Macht im Raum ändert sie nicht. Was gilt, steht im Pool: Ändere es mit `!pool settings`. Die Abschrift habe ich berichtigt.",
  matrix_no_power:
    "Ich darf die Einstellungen nicht in den Zustand dieses Raums schreiben: Das braucht die Machtstufe {needed}, ich habe {own}. Sie gelten trotzdem.",
  matrix_standing_differs:
    "In diesem Raum hast du Macht ({power}), im Pool dafür keine: Stellung im Pool kommt nicht von einer Machtstufe. Ein Verwalter des Pools kann es tun, oder die Mitglieder durch eine Abstimmung.",
  matrix_start: "Schreib `!ask` und deine Frage, oder erwähne mich. `!help` zeigt den Rest.",
  matrix_vote_alone: "Abstimmen, nur für dich",
  matrix_as_many: "so viele du willst",
  matrix_in_order: "in deiner Reihenfolge",
  matrix_paper: "Dein Stimmzettel zu Vorschlag {number}: {title}",
  matrix_paper_over:
    "Vorschlag {number} nimmt auf diesem Zettel keine Stimme mehr an. `!vote {number}` zeigt, wie es steht.",
  matrix_said_aloud:
    "Diese Abstimmung ist versiegelt, und du hast deine Stimme dort hingeschrieben, wo der ganze Raum sie lesen kann. Sie zählt trotzdem. Nimm deine Nachricht weg, und schreib nächstes Mal `!vote {number}`: Dann frage ich dich hier.",
  matrix_help:
    "Hier auch: `!save` gibt eine Antwort mit ihrer Quittung heraus, `!save 12` die Zählung der Abstimmung 12, und `!vote 12` fragt dich allein. Zeichen unter einer Nachricht tun, was ihre letzte Zeile sagt.",
};
