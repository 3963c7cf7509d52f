import { openRecords, type Records } from "../../../api/storage/open.ts";
import { startPostgres } from "../../support/services.ts";

/** Empty records on a PostgreSQL of a test's own, which ends when they are closed. */
export async function openOwnRecords(): Promise<Records> {
  const postgres = await startPostgres();
  const records = await openRecords(postgres.url, "", (error) => {
    throw error;
  });
  return {
    ...records,
    async close() {
      await records.close();
      await postgres.stop();
    },
  };
}
