namespace CiCost.CostApi.Documents;

/// <summary>What went wrong (RFC 9457).</summary>
/// <param name="Type">A stable name of the error as a URI.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Code">The stable name of the error; docs/errors.md explains it.</param>
/// <param name="Parameter">The query parameter that it is about.</param>
public sealed record ProblemDocument(string Type, string Title, int Status, string Detail, string Code, string? Parameter)
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/problem+json";
}
