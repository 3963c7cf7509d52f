/** What only Matrix rooms need saying. */
export const matrix = {
  matrix_sent_privately:
    "I sent it to you alone, in a direct conversation. Look at your invitations.",
  matrix_no_keys:
    "I cannot read a message here: its keys have not reached me. Send it again; if that does not help, leave and enter the room with that device, or write in a room without encryption.",
  matrix_encryption_off:
    "This room is encrypted, and the operator has not switched encryption on for me: I cannot read what is written here. Ask the operator for MATRIX_ENCRYPTION, or use a room without encryption.",
  matrix_encryption_not_used: "Encryption: switched off; this room is not encrypted.",
  matrix_encryption_on:
    "Encryption: on. This room: {room}. Device {device}: {signed}. Key backup: {backup}.",
  matrix_room_encrypted: "encrypted",
  matrix_room_clear: "not encrypted",
  matrix_device_signed: "signed by its owner",
  matrix_device_unsigned: "not signed by its owner",
  matrix_backup_on: "version {version}",
  matrix_backup_off: "none",
  matrix_missed:
    "I was away for long and cannot look through everything that was written. Please send again what got no answer.",
  matrix_settings_elsewhere:
    "The settings shown in this room's state are only a copy; power in the room does not change them. What holds is kept in the pool: change it with `!pool settings`.",
  matrix_settings_mended:
    "The settings shown in this room's state are only a copy; power in the room does not change them. What holds is kept in the pool: change it with `!pool settings`. I have put the copy right.",
  matrix_no_power:
    "I may not write the settings into this room's state: that needs a power level of {needed}, and mine is {own}. They hold all the same.",
  matrix_standing_differs:
    "You have power in this room ({power}), and none in the pool for this: standing in the pool does not come from a power level. A steward of the pool can do it, or members by a vote.",
  matrix_start: "Write `!ask` and your question, or mention me. `!help` shows the rest.",
  matrix_vote_alone: "Vote, for you alone",
  matrix_as_many: "as many as you like",
  matrix_in_order: "in the order you prefer",
  matrix_paper: "Your ballot in proposal {number}: {title}",
  matrix_paper_over:
    "Proposal {number} takes no more ballots on this paper. `!vote {number}` shows how it stands.",
  matrix_said_aloud:
    "This vote is sealed, and you wrote your ballot where the whole room can read it. It counts all the same. Take your message away, and next time write `!vote {number}`: I ask you here then.",
  matrix_help:
    "Here also: `!save` hands out an answer with its receipt, `!save 12` the count of vote 12, and `!vote 12` asks you alone. Signs below a message do what its last line says.",
};
