namespace CiCost.CostApi.Endpoints;

/// <summary>A query parameter that cannot be used.</summary>
/// <param name="code">The stable name of the error.</param>
/// <param name="parameter">The parameter.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class ParameterException(string code, string parameter, string message) : Exception(message)
{
    /// <summary>The stable name of the error.</summary>
    public string Code { get; } = code;

    /// <summary>The parameter.</summary>
    public string Parameter { get; } = parameter;
}
