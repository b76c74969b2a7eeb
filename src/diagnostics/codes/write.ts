import { error } from "../define-code.js";

/** What writing a project refuses. */
export const writeCodes = {
  "write/folder-not-empty": error({
    why: "the folder holds something that is not a beam2spark project",
    hint: "name another folder, or replace this one with --force",
  }),
  "write/folder-too-wide": error({
    why: "replacing this folder would remove the current one or your home with everything in it",
    hint: "name a folder of the project's own",
  }),
  "write/not-a-folder": error({
    why: "there is a file of this name",
    hint: "name another folder for the project",
  }),
  "write/failed": error<{ reason: string }>({
    why: ({ reason }) => `the project can't be written: ${reason}`,
    hint: "name a folder in a place that you may write to",
  }),
};
