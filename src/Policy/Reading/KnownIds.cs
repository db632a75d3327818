using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>The ids of one kind, so that references to them can be checked.</summary>
/// <param name="what">What they name, in the words of an error: <c>organisation</c>.</param>
/// <param name="file">Where they are declared.</param>
internal sealed class KnownIds(string what, string file)
{
    private readonly Dictionary<string, (string File, int Line)> _ids = new(StringComparer.Ordinal);

    /// <summary>False when the declaring file could not be read: references then cannot be judged, and are let pass.</summary>
    public bool IsComplete { get; set; } = true;

    public bool Contains(string id) => _ids.ContainsKey(id);

    /// <summary>Declares an id; false and a mistake when it is taken.</summary>
    public bool Declare(YamlText id, FileErrors errors)
    {
        if (_ids.TryAdd(id.Value, (errors.File, id.Line)))
        {
            return true;
        }

        var (takenIn, line) = _ids[id.Value];
        errors.Add(id, PolicyErrorCode.DuplicateId, $"The {what} '{id.Value}' is already declared in {takenIn}, line {line}. Rename one.");
        return false;
    }

    /// <summary>Takes the ids of another kind into account.</summary>
    public void Reserve(KnownIds other)
    {
        foreach (var (id, at) in other._ids)
        {
            _ids.TryAdd(id, at);
        }
    }

    /// <summary>The id that a reference names; null and a mistake when there is none.</summary>
    public string? Resolve(YamlText? reference, FileErrors errors)
    {
        if (reference is null || !IsComplete || _ids.ContainsKey(reference.Value))
        {
            return reference?.Value;
        }

        errors.Add(reference, PolicyErrorCode.UnknownReference,
            $"There is no {what} '{Words.Cut(reference.Value)}'.{Words.DidYouMean(reference.Value, _ids.Keys)} "
            + $"Correct it, or declare it in {file}.");
        return null;
    }
}
