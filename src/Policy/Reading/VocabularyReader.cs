using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads the files that name things: organisations, projects, components, architectures and dimensions.</summary>
internal sealed class VocabularyReader(PolicyTexts texts)
{
    public KnownIds OrganisationIds { get; } = new("organisation", PolicyTexts.Organisations);

    public KnownIds ProjectIds { get; } = new("project", PolicyTexts.Projects);

    public KnownIds ComponentIds { get; } = new("component", PolicyTexts.Components);

    public KnownIds ArchitectureIds { get; } = new("architecture", PolicyTexts.Architectures);

    /// <summary>Whose work a line may serve: an organisation or a project.</summary>
    public KnownIds BeneficiaryIds { get; } = new("organisation or project", "organisations.yaml or projects.yaml");

    public ImmutableArray<Organisation> Organisations { get; private set; } = [];

    public ImmutableArray<Project> Projects { get; private set; } = [];

    public ImmutableArray<Component> Components { get; private set; } = [];

    public ImmutableArray<Architecture> Architectures { get; private set; } = [];

    /// <summary>Null when the file could not be read.</summary>
    public DimensionOptions? Dimensions { get; private set; }

    public ImmutableArray<AttributeName> RequiredAttributes { get; private set; } = [];

    public void Read()
    {
        Organisations = ReadItems(PolicyTexts.Organisations, Shape.OrganisationsFile, Shape.Organisation, OrganisationIds, Organisation);
        ProjectIds.Reserve(OrganisationIds);
        Projects = ReadItems(PolicyTexts.Projects, Shape.ProjectsFile, Shape.Project, ProjectIds, (id, map, _) =>
            map.Text("name") is { } name && map.Text("repository") is { } repository
                ? new Project(id, name.Value, repository.Value)
                : null);
        Components = ReadItems(PolicyTexts.Components, Shape.ComponentsFile, Shape.Component, ComponentIds, (id, map, _) =>
            map.Text("name") is { } name ? new Component(id, name.Value) : null);
        ReadArchitectures();
        BeneficiaryIds.Reserve(ProjectIds);
        BeneficiaryIds.IsComplete = OrganisationIds.IsComplete && ProjectIds.IsComplete;
        ReadDimensions();
    }

    /// <summary>Reads a file that is one list of things with ids.</summary>
    public ImmutableArray<T> ReadItems<T>(
        string file, Shape fileShape, Shape itemShape, KnownIds ids, Func<string, MapReader, FileErrors, T?> read)
        where T : class
    {
        if (texts.Open(file, fileShape) is not var (map, errors))
        {
            ids.IsComplete = false;
            return [];
        }

        return ReadList(map, fileShape.Required[0], itemShape, ids, errors, read);
    }

    /// <summary>Reads a list of things with ids under a key.</summary>
    public static ImmutableArray<T> ReadList<T>(
        MapReader map, string key, Shape itemShape, KnownIds ids, FileErrors errors, Func<string, MapReader, FileErrors, T?> read)
        where T : class
    {
        var items = ImmutableArray.CreateBuilder<T>();
        ids.IsComplete &= map.Node(key) is YamlList;
        foreach (var node in map.List(key))
        {
            if (MapReader.Open(node, itemShape, errors) is not { } item)
            {
                ids.IsComplete = false;
                continue;
            }

            var id = item.Id();
            ids.IsComplete &= id is not null;
            var isNew = id is not null && ids.Declare(id, errors);
            if (read(id?.Value ?? "", item, errors) is { } value && isNew)
            {
                items.Add(value);
            }
        }

        return items.ToImmutable();
    }

    private static Organisation? Organisation(string id, MapReader map, FileErrors errors)
    {
        var (name, slug) = (map.Text("name"), map.Text("slug"));
        var roles = map.Texts("roles").Select(role => map.AsChoice(role, Choices.Roles)).ToArray();
        if (slug is not null && !(char.IsAsciiLetterUpper(slug.Value[0]) && slug.Value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            errors.Add(slug, PolicyErrorCode.BadId,
                $"'{Words.Cut(slug.Value)}' is not a name for the journal. Begin with A-Z and use letters, digits and hyphens only.");
        }

        return name is null || slug is null ? null : new Organisation(id, name.Value, slug.Value, [.. roles.OfType<OrganisationRole>()]);
    }

    private void ReadArchitectures()
    {
        var taken = new Dictionary<(string Key, string Label), int>();
        const string file = PolicyTexts.Architectures;
        Architectures = ReadItems(file, Shape.ArchitecturesFile, Shape.Architecture, ArchitectureIds, (id, map, errors) =>
        {
            var name = map.Text("name");
            if (map.Node("labels") is not { } node || MapReader.Open(node, Shape.Labels, errors) is not { } labels)
            {
                return null;
            }

            var (cost, hours) = (Label(labels, "costTable", errors), Label(labels, "hoursTable", errors));
            return name is null || cost is null || hours is null ? null : new Architecture(id, name.Value, cost, hours);
        });

        string? Label(MapReader labels, string key, FileErrors errors)
        {
            if (labels.Text(key) is not { } label)
            {
                return null;
            }

            if (!taken.TryAdd((key, label.Value), label.Line))
            {
                errors.Add(label, PolicyErrorCode.DuplicateLabel,
                    $"The {key} label '{Words.Cut(label.Value)}' is already used in line {taken[(key, label.Value)]}: "
                    + "two rows of one table would have the same name. Change one.");
            }

            return label.Value;
        }
    }

    private void ReadDimensions()
    {
        if (texts.Open(PolicyTexts.Dimensions, Shape.DimensionsFile) is not var (map, errors))
        {
            return;
        }

        var columns = Distinct(map.Texts("customColumns"), "custom column", errors);
        foreach (var column in columns)
        {
            var underscore = column.Value.IndexOf('_', StringComparison.Ordinal);
            if (underscore < 1 || !column.Value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
                || !column.Value[..underscore].All(char.IsAsciiLetterLower) || DimensionColumns.TryParse(column.Value, out _))
            {
                errors.Add(column, PolicyErrorCode.BadColumnName,
                    $"'{Words.Cut(column.Value)}' is not a custom column. List names such as x_ServiceCode; FOCUS "
                    + $"columns need no listing.");
            }
        }

        var tags = Distinct(map.Texts("tagKeys"), "tag key", errors);
        Dimensions = new DimensionOptions([.. columns.Select(c => c.Value)], [.. tags.Select(t => t.Value)]);
        var attributes = Distinct(map.Texts("requiredAttributes"), "attribute", errors);
        RequiredAttributes = [.. attributes.Select(text => map.AsChoice(text, Choices.Attributes)).OfType<AttributeName>()];
        if (RequiredAttributes.IsEmpty && map.Node("requiredAttributes") is YamlList { Items.Count: 0 } empty)
        {
            errors.Add(empty, PolicyErrorCode.EmptyValue, "Name at least one attribute: without one every line would count as attributed.");
        }
    }

    private static IReadOnlyList<YamlText> Distinct(IReadOnlyList<YamlText> items, string what, FileErrors errors)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items.Where(item => !seen.TryAdd(item.Value, item.Line)))
        {
            errors.Add(item, PolicyErrorCode.DuplicateId,
                $"The {what} '{Words.Cut(item.Value)}' is already listed in line {seen[item.Value]}. Remove one.");
        }

        return items;
    }
}
