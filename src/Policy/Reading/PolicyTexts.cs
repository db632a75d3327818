using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>The parsed files of a policy by name.</summary>
internal sealed class PolicyTexts
{
    public const string Organisations = "organisations.yaml", Accounts = "accounts.yaml", Projects = "projects.yaml",
        Components = "components.yaml", Architectures = "architectures.yaml", Dimensions = "dimensions.yaml",
        Coverage = "coverage.yaml", Funding = "funding.yaml", Rates = "rates.yaml", Splits = "splits.yaml", Notice = "notice.yaml",
        AttributionFolder = "attribution/";

    private static readonly string[] Required =
        [Organisations, Accounts, Projects, Components, Architectures, Dimensions, Coverage, Funding];

    private static readonly string[] Optional = [Notice, Rates, Splits];

    private readonly Dictionary<string, YamlNode?> _roots = new(StringComparer.Ordinal);
    private readonly ErrorList _errors;

    public PolicyTexts(IEnumerable<PolicyFile> files, ErrorList errors)
    {
        _errors = errors;
        foreach (var file in files)
        {
            if (!IsPolicyFile(file.Name))
            {
                errors.In(file.Name).Add(0, 0, PolicyErrorCode.UnknownFile,
                    $"This is not a file of a policy. Rename or remove it; the files are {Words.List(Required.Concat(Optional))} and "
                    + $"{AttributionFolder}*.yaml.");
            }
            else if (_roots.ContainsKey(file.Name))
            {
                errors.In(file.Name).Add(0, 0, PolicyErrorCode.DuplicateFile, "The policy has two files of this name. Keep one.");
            }
            else
            {
                _roots.Add(file.Name, YamlReader.Read(file.Text, errors.In(file.Name)));
            }
        }

        foreach (var name in Required.Where(name => !_roots.ContainsKey(name)))
        {
            errors.In(name).Add(0, 0, PolicyErrorCode.MissingFile, "The file is missing. Add it; docs/policy.md says what belongs in it.");
        }
    }

    /// <summary>The files with attribution rules, by name: the order in which rules are tried.</summary>
    public IEnumerable<string> AttributionFiles =>
        _roots.Keys.Where(name => name.StartsWith(AttributionFolder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Is the file there, sound or broken?</summary>
    public bool Has(string name) => _roots.ContainsKey(name);

    /// <summary>Opens a file; null when it is missing or broken.</summary>
    public (MapReader Map, FileErrors Errors)? Open(string name, Shape shape)
    {
        var errors = _errors.In(name);
        return _roots.GetValueOrDefault(name) is { } root && MapReader.Open(root, shape, errors) is { } map ? (map, errors) : null;
    }

    private static bool IsPolicyFile(string name) => Required.Contains(name) || Optional.Contains(name)
        || (name.StartsWith(AttributionFolder, StringComparison.Ordinal) && name.EndsWith(".yaml", StringComparison.Ordinal)
            && name.AsSpan(AttributionFolder.Length).IndexOf('/') < 0 && name.Length <= 200);
}
