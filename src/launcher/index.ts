export { launchFromCommandLine } from "./launch-command-line.js";
export { type LaunchOptions, launchProject } from "./launch-project.js";
