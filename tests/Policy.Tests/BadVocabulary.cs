namespace CiCost.Policy.Tests;

/// <summary>Files with a mistake in their form or their words, and what is said of each.</summary>
internal static class BadVocabulary
{
    public static readonly BadPolicy[] All =
    [
        new("Tab", "organisations.yaml",
            "organisations:\n\t- x\n",
            "organisations.yaml:2:1: This is not YAML: a tab stands in the indentation, where only spaces may. Replace it by spaces. "
            + "[syntax]"),
        new("Unclosed", "organisations.yaml",
            "organisations: [{id: a",
            "organisations.yaml:2:1: This is not YAML: While parsing a flow mapping, did not find expected ',' or '}'. "
            + "Correct it here. [syntax]"),
        new("Empty", "organisations.yaml",
            "# nothing",
            "organisations.yaml:1:1: The file is empty. docs/policy.md says what belongs in it. [empty-value]"),
        new("SecondDocument", "projects.yaml",
            """
            projects: []
            ---
            projects: []
            """,
            "projects.yaml:2:1: A second document begins here. Put it into a file of its own. [syntax]"),
        new("Anchor", "projects.yaml",
            "projects: &a []",
            "projects.yaml:1:11: An anchor (&a) is not allowed. Write the value out where it is used. [anchor]"),
        new("Alias", "projects.yaml",
            "projects: *a",
            "projects.yaml:1:11: An alias (*name) is not allowed. Write the value out. [anchor]"),
        new("Tag", "projects.yaml",
            "projects: !!seq []",
            "projects.yaml:1:11: A tag (!name) is not allowed. Remove it; to keep a text as it is, put it in quotes. [tag]"),
        new("NotAMapping", "projects.yaml",
            "- pytorch",
            "projects.yaml:1:1: A mapping is expected here, not a list. Its keys are: projects. [wrong-type]"),
        new("KeyIsAList", "projects.yaml",
            """
            [a]: b
            projects: []
            """,
            "projects.yaml:1:1: A key must be a text, not a list. Write key: value. [wrong-type]"),
        new("UnknownKey", "projects.yaml",
            """
            projects:
              - {id: a, name: A, repo: a/a, repository: a/a}
            """,
            "projects.yaml:2:22: 'repo' is not a key here. The keys are: id, name, repository. [unknown-key]"),
        new("MistypedKey", "projects.yaml",
            "project: []",
            "projects.yaml:1:1: The key 'projects' is missing. Add it here. [missing-key]",
            "projects.yaml:1:1: 'project' is not a key here. Did you mean 'projects'? The keys are: projects. [unknown-key]"),
        new("DuplicateKey", "projects.yaml",
            """
            projects: []
            projects: []
            """,
            "projects.yaml:2:1: The key 'projects' is already set in line 1. Keep one of the two. [duplicate-key]"),
        new("MissingKey", "projects.yaml",
            """
            projects:
              - {id: a, repository: a/a}
            """,
            "projects.yaml:2:5: The key 'name' is missing. Add it here. [missing-key]"),
        new("EmptyText", "projects.yaml",
            """
            projects:
              - {id: a, name: , repository: "  "}
            """,
            "projects.yaml:2:19: The value of 'name' is empty. Set it, or remove it where it is optional. [empty-value]"),
        new("ListForText", "projects.yaml",
            """
            projects:
              - {id: a, name: [A], repository: a/a}
            """,
            "projects.yaml:2:19: A text is expected for 'name', not a list. Write a single value. [wrong-type]"),
        new("TextForList", "projects.yaml",
            "projects: pytorch",
            "projects.yaml:1:11: 'projects' must be a list, not a text. Write [] for none. [wrong-type]"),
        new("BadId", "projects.yaml",
            """
            projects:
              - {id: PyTorch, name: A, repository: a/a}
            """,
            "projects.yaml:2:10: 'PyTorch' is not an id. Use up to 64 of a-z, 0-9 and single hyphens, such as "
            + "aws-foundation. [bad-id]"),
        new("ReservedId", "components.yaml",
            """
            components:
              - {id: compute, name: A}
              - {id: rounding, name: B}
            """,
            "components.yaml:3:10: The id 'rounding' is taken by the program itself. Choose another. [bad-id]"),
        new("DuplicateId", "components.yaml",
            """
            components:
              - {id: compute, name: A}
              - {id: compute, name: B}
            """,
            "components.yaml:3:10: The component 'compute' is already declared in components.yaml, line 2. Rename one. "
            + "[duplicate-id]"),
        new("ProjectTakesOrganisation", "projects.yaml",
            """
            projects:
              - {id: meta, name: A, repository: a/a}
            """,
            "projects.yaml:2:10: The project 'meta' is already declared in organisations.yaml, line 2. Rename one. [duplicate-id]"),
    ];
}
