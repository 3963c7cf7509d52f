/** UTF-8 bytes of text in one frame, at most; far under what ends the connection (MAX_FRAME_BYTES). */
export const MAX_FRAME_TEXT_BYTES = 16_384;
/** Bytes waiting in the socket from which on text is held back and sent together. */
export const CONGESTED_BYTES = 262_144;
