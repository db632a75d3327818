namespace CiCost.Policy.Tests;

/// <summary>Attribution rules with a mistake in their conditions, dates or order, and what is said of each.</summary>
internal static class BadConditions
{
    public static readonly BadPolicy[] All =
    [
        new("EmptyPattern", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {matches: 'x*'}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:35: The pattern 'x*' matches the empty text, so it matches everything. Say what the "
            + "value must contain. [pattern-too-wide]"),
        new("WidePattern", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {matches: '.'}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:35: The pattern '.' matches every known value of ServiceName. Say what sets these "
            + "lines apart. [pattern-too-wide]"),
        new("WidePatternOfTag", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {tags.Cluster: {matches: '^.+$'}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:36: The pattern '^.+$' matches every known value of tags.Cluster. Say what sets these "
            + "lines apart. [pattern-too-wide]"),
        new("BrokenPattern", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {matches: '(a'}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:35: The pattern does not compile: Invalid pattern '(a' at offset 2. Not enough )'s. "
            + "Correct it. [bad-pattern]"),
        new("LookAround", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {matches: 'a(?!b)'}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:35: The pattern does not compile: Look-around, back references and atomic groups "
            + "cannot run in linear time and are not allowed. Correct it. [bad-pattern]"),
        new("HugePattern", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {matches: '(a{100}){100}'}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:35: The pattern is too large: at most 500 characters, and repetitions that multiply to "
            + "at most 1000. Use several rules, or anyOf. [bad-pattern]"),
        new("UnlistedTag", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {tags.Team: infra}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:12: 'tags.Team' is not in the books' dimension sets. Add it to tagKeys in "
            + "dimensions.yaml; the raw files are then read again. [unlisted-dimension]"),
        new("UnlistedColumn", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {x_Operation: RunInstances}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:12: 'x_Operation' is not in the books' dimension sets. Add it to customColumns in "
            + "dimensions.yaml; the raw files are then read again. [unlisted-dimension]"),
        new("MistypedColumn", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceNam: A}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:12: 'ServiceNam' is not a column that rules can match on. Did you mean 'ServiceName'? "
            + "Use a FOCUS column of a dimension set, a listed custom column, tags.KEY, account or anyOf. [unknown-column]"),
        new("ResourceColumn", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ResourceId: i-1}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:12: 'ResourceId' is not a column that rules can match on. Use a FOCUS column of a "
            + "dimension set, a listed custom column, tags.KEY, account or anyOf. [unknown-column]"),
        new("UnknownTest", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {contains: A}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:26: 'contains' is not a key here. The keys are: equals, in, startsWith, matches, "
            + "isNull, not. [unknown-key]"),
        new("NoTest", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:25: A test is expected here. Use one of: equals, in, startsWith, matches, isNull, not. "
            + "[wrong-type]"),
        new("EmptyList", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: []}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:25: The list for 'ServiceName' is empty. Add a value, or remove the condition. "
            + "[empty-value]"),
        new("NullValue", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: }
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:25: An empty value equals nothing in a bill. To match lines without one, write isNull: "
            + "true. [empty-value]"),
        new("NotNot", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {not: {not: A}}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:37: 'not' inside 'not' is not allowed. Leave both out. [wrong-type]"),
        new("BadIsNull", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {isNull: maybe}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:34: 'isNull' is true or false. Write one of the two. [bad-choice]"),
        new("EmptyAnyOf", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {anyOf: []}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:19: 'anyOf' must be a list of at least one mapping of conditions. Write - Column: "
            + "value. [wrong-type]"),
        new("BadDate", "attribution/rules.yaml",
            """
            rules:
              - id: a
                from: 2026-7-1
                when: {ServiceName: A}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:11: '2026-7-1' is not a day. Write YYYY-MM-DD, such as 2026-07-01. [bad-date]"),
        new("FromIsTo", "attribution/rules.yaml",
            """
            rules:
              - id: a
                from: 2026-07-01
                to: 2026-07-01
                when: {ServiceName: A}
                then: {component: compute}
            """,
            "attribution/rules.yaml:4:9: 'to' (2026-07-01) must be later than 'from' (2026-07-01): it is the first day that "
            + "is no longer meant. Correct one of them. [from-not-before-to]"),
        new("DuplicateRuleId", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {component: compute}
              - id: a
                when: {ServiceName: B}
                then: {component: storage}
            """,
            "attribution/rules.yaml:5:9: The rule 'a' is already declared in attribution/rules.yaml, line 2. Rename one. "
            + "[duplicate-id]"),
        new("Shadowed", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: [A, B]}
                then: {component: compute}
              - id: b
                when: {ServiceName: [B, A]}
                then: {component: storage}
            """,
            "attribution/rules.yaml:5:5: Rule 'b' never decides component: rule 'a' (attribution/rules.yaml, line 2) comes "
            + "first and holds whenever this one does. Remove one, set their dates apart, or move the narrower one up. "
            + "[shadowed]"),
        new("ShadowedByWider", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {component: compute}
              - id: b
                from: 2026-01-01
                when: {ServiceName: A, RegionId: us-east-1}
                then: {component: storage}
            """,
            "attribution/rules.yaml:5:5: Rule 'b' never decides component from 2026-01-01: rule 'a' (attribution/rules.yaml, "
            + "line 2) comes first and holds whenever this one does. Remove one, set their dates apart, or move the narrower "
            + "one up. [shadowed]"),
        new("ShadowedForSomeDays", "attribution/rules.yaml",
            """
            rules:
              - id: a
                to: 2026-07-15
                when: {ServiceName: A}
                then: {component: compute}
              - id: b
                from: 2026-07-01
                when: {ServiceName: A}
                then: {component: storage}
            """,
            "attribution/rules.yaml:6:5: Rule 'b' never decides component from 2026-07-01 before 2026-07-15: rule 'a' "
            + "(attribution/rules.yaml, line 2) comes first and holds whenever this one does. Remove one, set their dates "
            + "apart, or move the narrower one up. [shadowed]"),
        new("SeveralAtOnce", "attribution/rules.yaml",
            """
            rules:
              - id: A
                form: 2026-07-01
                when: {ServiceNam: A, tags.Team: b}
                then: {component: storrage, operator: aws}
            """,
            "attribution/rules.yaml:2:9: 'A' is not an id. Use up to 64 of a-z, 0-9 and single hyphens, such as "
            + "aws-foundation. [bad-id]",
            "attribution/rules.yaml:3:5: 'form' is not a key here. Did you mean 'from'? The keys are: id, when, then, from, "
            + "to. [unknown-key]",
            "attribution/rules.yaml:4:12: 'ServiceNam' is not a column that rules can match on. Did you mean 'ServiceName'? "
            + "Use a FOCUS column of a dimension set, a listed custom column, tags.KEY, account or anyOf. [unknown-column]",
            "attribution/rules.yaml:4:27: 'tags.Team' is not in the books' dimension sets. Add it to tagKeys in "
            + "dimensions.yaml; the raw files are then read again. [unlisted-dimension]",
            "attribution/rules.yaml:5:23: There is no component 'storrage'. Did you mean 'storage'? Correct it, or declare "
            + "it in components.yaml. [unknown-reference]",
            "attribution/rules.yaml:5:43: The organisation 'aws' does not have the role operator. Add the role in "
            + "organisations.yaml, or name another. [missing-role]"),
        new("UnknownFile", "attribution/rules.yml",
            "rules: []",
            "attribution/rules.yml:0:0: This is not a file of a policy. Rename or remove it; the files are "
            + "organisations.yaml, accounts.yaml, projects.yaml, components.yaml, architectures.yaml, dimensions.yaml, "
            + "coverage.yaml, funding.yaml, notice.yaml, rates.yaml, splits.yaml and attribution/*.yaml. [unknown-file]"),
    ];
}
