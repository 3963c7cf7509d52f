import type { Control } from "./control.ts";
import { emergencyControl, proposalControl, proposeControl } from "./governance.ts";
import { nodeActs, nodeChooser } from "./nodes.ts";
import { reportForm, reportHandled } from "./report.ts";
import { settingForm, settingsChooser } from "./settings.ts";

/** Every control of this door, by the beginning of its custom ids. */
export const CONTROLS: readonly Control[] = [
  settingsChooser,
  settingForm,
  nodeChooser,
  nodeActs,
  reportForm,
  reportHandled,
  proposalControl,
  proposeControl,
  emergencyControl,
];
