import { pythonWith } from "./python-packages.ts";

/** Path of a Python that has Synapse, and matrix-nio with its encryption: a client of other people's making that plays the human. */
export function synapsePython(): Promise<string> {
  return pythonWith({
    folder: "synapse-1.163.2",
    packages: ["matrix-synapse==1.163.2", "matrix-nio[e2e]==0.26.0"],
    what: "Synapse and matrix-nio (25 s on first use)",
  });
}
