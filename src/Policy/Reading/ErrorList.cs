using System.Runtime.InteropServices;

namespace CiCost.Policy.Reading;

/// <summary>All mistakes of a policy, bounded, in the order of files and lines.</summary>
internal sealed class ErrorList(bool isChecked = false)
{
    /// <summary>True for texts that were checked before, when the books took them over: what only finds mistakes is left out.</summary>
    public bool IsChecked { get; } = isChecked;

    private readonly HashSet<PolicyError> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(PolicyError error)
    {
        if (_errors.Count < PolicyLimits.Errors)
        {
            _errors.Add(error);
        }
        else if (_errors.Count == PolicyLimits.Errors)
        {
            _errors.Add(new PolicyError(error.File, error.Line, error.Column, PolicyErrorCode.TooMany,
                $"More than {PolicyLimits.Errors} mistakes; the others are not listed. Correct these first."));
        }
    }

    public FileErrors In(string file) => new(this, file);

    public IReadOnlyList<PolicyError> Sorted() =>
    [
        .. _errors.OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Line).ThenBy(e => e.Column)
            .ThenBy(e => e.Code, StringComparer.Ordinal).ThenBy(e => e.Message, StringComparer.Ordinal),
    ];
}

/// <summary>The mistakes of one file.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct FileErrors(ErrorList all, string file)
{
    public string File { get; } = file;

    /// <inheritdoc cref="ErrorList.IsChecked"/>
    public bool IsChecked => all.IsChecked;

    public void Add(int line, int column, string code, string message) => all.Add(new PolicyError(File, line, column, code, message));

    public void Add(Yaml.YamlNode at, string code, string message) => Add(at.Line, at.Column, code, message);
}
