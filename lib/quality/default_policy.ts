/** The file that people begin a policy of their own with. */
import { WORDS } from "./policy.ts";
import { RULES } from "./rules.ts";

/** All rules with their limits, as comments: as it stands the file changes nothing. */
export function defaultPolicy(): string {
  const longest = RULES.reduce((length, { id }) => Math.max(length, id.length), 0);
  const lines = RULES.map(({ id, severity, title }) =>
    `#  - { rule: ${`${id},`.padEnd(longest + 1)} severity: ${
      `${WORDS[severity]},`.padEnd(8)
    } mustBe: 0 }  # ${title}`
  );
  return `# Limits of the quality report. Rules that are not named keep their own: no failure at all.
#
# rule      the id of a rule; \`deno task report --explain C2\` says what it is for
# severity  error (fails the report), warning (worth a look) or info; a rule may have one limit of each
# mustBe, mustBeLessThan or mustBeLessOrEqualTo
#           a number of failures, or with \`unit: percent\` their share of what was looked at
#
# quality:
#  - { rule: C2, severity: warning, mustBeLessThan: 0.1, unit: percent }
#  - { rule: C2, severity: error,   mustBeLessThan: 5,   unit: percent }
#
# contract: trains.odcs.yaml takes limits from a data contract beside this file, for rules that are not named here;
# instead of this list, the whole file may be one (\`deno task report --contract\` prints it).
#
# schema: freeze makes unknown fields and values of messages an error, evolve (as it is without) a warning; or apart:
# schema:
#   fields: discard_value      # or evolve, freeze, discard_row; they are in landing alone, and are not counted then
#   values: freeze             # or evolve, discard_row
#   known: [$.newField, $.timetableType=NEW]  # as the report names them: not counted, and let through
# discard_row keeps the whole message out: \`process\` puts it into quarantine as schema_drift, with the path of the field
# or value. What has landed stays as it was decided, whatever stands here later; \`deno task quarantine replay\` decides anew.
# For fields of the lists of metadata, by table:
#   tables:
#     stations: discard_row    # or evolve, freeze, discard_value; operators, train_types, train_categories, causes
#
# The limits as they are without this file; take the # away from "quality:" and from what you change.

# quality:
${lines.join("\n")}
`;
}
