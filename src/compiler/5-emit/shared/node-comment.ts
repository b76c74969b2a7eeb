import type { PhysicalNode } from "../../4-physical/physical-plan.js";
import { type CommentStyle, lineComment, lineWidth } from "./line-comment.js";

/** What stands above a node's code: its names, its lane and API and why, and why it is computed once. */
export function nodeComment(node: PhysicalNode, style: CommentStyle): string {
  const title = `${node.number}. ${node.names.join(", ")}`;
  const hanging = { ...style, hanging: "  " };
  const lines = [
    lineComment(clip(title), style),
    lineComment(`${node.lane}, ${node.api}: ${node.reason}`, hanging),
  ];
  if (node.materialisation === "persist" || node.materialisation === "checkpoint") {
    lines.push(lineComment(`computed once: ${node.materialisationReason}`, hanging));
  }
  return lines.join("\n");
}

/** A stage of hundreds of functions is named by its first ones: PLAN.txt has them all. */
function clip(title: string): string {
  const most = lineWidth * 3;
  return title.length <= most ? title : `${title.slice(0, most)}…`;
}
