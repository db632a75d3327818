namespace CiCost.CostApi.Endpoints;

/// <summary>What an endpoint that is no <see cref="ApiEndpoint"/> takes, for reading and for the OpenAPI document.</summary>
/// <param name="Parameters">The query parameters.</param>
/// <param name="Headers">The headers that it needs.</param>
internal sealed record QueryWords(IReadOnlyList<ParameterSpec> Parameters, IReadOnlyList<ParameterSpec> Headers);
