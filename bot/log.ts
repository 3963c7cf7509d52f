/** Structured logging as Fastify and pino do it: fields first, then a sentence. Prompts and answers are never logged. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
