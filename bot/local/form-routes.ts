import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { valueParser } from "../../protocol/parse.ts";
import type { CommandContext } from "../commands/command.ts";
import type { NoticeView } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";
import {
  ballotFormOf,
  castBallot,
  choicesOf,
  kindFormOf,
  proposeFrom,
} from "./governance-forms.ts";
import type { LocalDoor } from "./local-door.ts";
import {
  BallotParams,
  BallotPost,
  ChoicesQuery,
  KindParams,
  type PersonId,
  ProposePost,
} from "./wire.ts";

const parse = {
  number: valueParser(BallotParams, "address"),
  kind: valueParser(KindParams, "address"),
  choices: valueParser(ChoicesQuery, "question"),
  ballot: valueParser(BallotPost, "ballot"),
  proposal: valueParser(ProposePost, "proposal"),
};

export interface RouteTools {
  /** Throws when the request is nobody's. */
  personOf(request: FastifyRequest): PersonId;
  ownWords(request: FastifyRequest): Words;
  answerWith(reply: FastifyReply, refusal: NoticeView | null): FastifyReply;
}

/** Routes of the page's forms: a ballot, and a proposal with what its fields offer. */
export function addFormRoutes(
  app: FastifyInstance,
  door: LocalDoor,
  { personOf, ownWords, answerWith }: RouteTools,
): void {
  /** The pool in the language of whoever asks. */
  const speaking = async (request: FastifyRequest) =>
    door.pool.speaking((await door.words(ownWords(request))).locale);
  app.get("/room/:person/ballot/:number", async (request) => {
    const person = personOf(request);
    const { number } = parse.number({ number: (request.params as { number: string }).number });
    const words = await door.words(ownWords(request));
    return ballotFormOf(door.pool.speaking(words.locale), Number(number), person, words);
  });
  app.get("/room/:person/count/:number", async (request, reply) => {
    personOf(request);
    const { number } = parse.number({ number: (request.params as { number: string }).number });
    const bytes = await door.pool.exportProposal(Number(number));
    reply.type("application/json");
    reply.header("content-disposition", `attachment; filename="proposal-${number}.json"`);
    return reply.send(Buffer.from(bytes));
  });
  app.post("/room/:person/ballot", async (request, reply) => {
    const person = personOf(request);
    const ballot = parse.ballot(request.body);
    const cast = (context: CommandContext) => castBallot(context, ballot);
    return answerWith(reply, await door.submit(person, ballot.key, cast, ownWords(request)));
  });
  app.get("/room/:person/kinds/:kind", async (request, reply) => {
    personOf(request);
    const { kind } = parse.kind({ kind: (request.params as { kind: string }).kind });
    const form = await kindFormOf(await speaking(request), kind);
    return (
      form ?? reply.code(404).send({ code: "kind_unknown", text: "There is no such proposal." })
    );
  });
  app.get("/room/:person/choices", async (request) => {
    personOf(request);
    return choicesOf(await speaking(request), parse.choices(request.query), door.place);
  });
  app.post("/room/:person/propose", async (request, reply) => {
    const person = personOf(request);
    const proposal = parse.proposal(request.body);
    const make = (context: CommandContext) => proposeFrom(context, proposal);
    return answerWith(reply, await door.submit(person, proposal.key, make, ownWords(request)));
  });
}
