/** Por que propostas, votos, vínculos e convites são recusados, em português. */
export const refusals: Readonly<Record<string, string>> = {
  invite_community_needed:
    "Uma máquina é “{1}” para uma comunidade: diga qual, ou convide-a como aberta.",
  invite_used: "Este convite já foi usado; retirá-lo não muda nada. Isole a máquina em vez disso.",
  suspended:
    "Dois responsáveis suspenderam este membro. É público e termina por si se os membros não confirmarem: vote ou objete na proposta.",
};
