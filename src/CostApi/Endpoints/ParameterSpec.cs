namespace CiCost.CostApi.Endpoints;

/// <summary>A query parameter: what it is called, what it takes. Reading and the OpenAPI document both follow it.</summary>
internal sealed record ParameterSpec(string Name, string Description)
{
    /// <summary>The values that it takes; empty when there is no such list.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>A regular expression of its values.</summary>
    public string? Pattern { get; init; }

    /// <summary>What is taken when it is not given.</summary>
    public string? Default { get; init; }

    /// <summary>A value that it takes.</summary>
    public required string Example { get; init; }

    /// <summary>Must it be given?</summary>
    public bool IsRequired { get; init; }

    /// <summary>May it be given more than once?</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The range of a whole number; null for texts.</summary>
    public (long Least, long Most)? Range { get; init; }
}
