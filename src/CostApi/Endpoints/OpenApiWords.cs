using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CiCost.CostApi.Endpoints;

/// <summary>Puts into the OpenAPI document what types do not say: parameters, headers, and which document a parameter asks for.</summary>
internal static class OpenApiWords
{
    /// <summary>
    /// A status that no endpoint answers with: the second document of an endpoint is declared under it, so that its schema is made like
    /// every other, and moved here to where it belongs.
    /// </summary>
    public const int OtherDocument = 299;

    /// <summary>The words about the whole API, and no addresses: they depend on who asks.</summary>
    public static Task DocumentAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "CiCost",
            Version = "v1",
            Description = "Exact accounts of what continuous integration costs, who used it and who paid. Amounts are decimal strings: "
                + "`amount` is exact, `display` is in cents, for people, and foots. Every answer names the book version that gave it. "
                + "Nothing in the books can be changed here; the schedule can, from the server's own machine.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        return Task.CompletedTask;
    }

    /// <summary>The parameters, headers and documents of one endpoint.</summary>
    public static Task OperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var responses = operation.Responses ?? [];
        foreach (var (_, response) in responses)
        {
            AddHeader(response, "X-CiCost-Notice",
                "A notice on these books, for example that they are demonstration data; absent when there is none.");
        }

        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<ApiEndpoint>().FirstOrDefault() is not { } endpoint)
        {
            DescribeOther(operation, metadata.OfType<QueryWords>().FirstOrDefault(), responses);
            return Task.CompletedTask;
        }

        operation.Parameters = [.. endpoint.Parameters.Select(Parameter), IfNoneMatch()];
        responses["304"] = new OpenApiResponse { Description = "The caller has this answer already." };
        foreach (var status in new[] { "200", "304" })
        {
            AddHeader(responses[status], "ETag", "Names these books and this question; send it as If-None-Match to ask only for news.");
        }

        if (responses.Remove(OtherDocument.ToString(CultureInfo.InvariantCulture), out var other))
        {
            var content = ((OpenApiResponse)responses["200"]).Content!["application/json"];
            content.Schema = new OpenApiSchema { OneOf = [content.Schema!, other.Content!["application/json"].Schema!] };
        }

        return Task.CompletedTask;
    }

    /// <summary>What endpoints of the schedule and of webhooks take and give beside their documents.</summary>
    private static void DescribeOther(OpenApiOperation operation, QueryWords? words, OpenApiResponses responses)
    {
        foreach (var key in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path))
        {
            key.Description = "The source's key in sources.yaml.";
            key.Example = "aws-foundation";
        }

        foreach (var spec in words?.Parameters ?? [])
        {
            (operation.Parameters ??= []).Add(Parameter(spec));
        }

        foreach (var header in words?.Headers ?? [])
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = header.Example,
            });
        }

        if (operation.OperationId == "run")
        {
            AddHeader(responses["202"], "Location", "Where the run shows once it has begun.");
        }
    }

    private static void AddHeader(IOpenApiResponse response, string name, string description)
    {
        var target = (OpenApiResponse)response;
        target.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        target.Headers[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    private static OpenApiParameter IfNoneMatch() => new()
    {
        Name = "If-None-Match",
        In = ParameterLocation.Header,
        Description = "The ETag of the answer that the caller has.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiParameter Parameter(ParameterSpec spec)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = spec.Pattern, MinLength = 1 };
        if (spec.Range is var (least, most))
        {
            schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = least.ToString(CultureInfo.InvariantCulture),
                Maximum = most.ToString(CultureInfo.InvariantCulture),
            };
        }

        if (spec.Values.Count > 0)
        {
            schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. spec.Values.Select(v => (JsonNode)v)] };
        }

        if (spec.Default is { } value)
        {
            schema.Default = Value(spec, value);
        }

        return new OpenApiParameter
        {
            Name = spec.Name,
            In = ParameterLocation.Query,
            Description = spec.Description,
            Required = spec.IsRequired,
            Schema = spec.IsRepeatable ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema,
            Explode = spec.IsRepeatable,
            Style = spec.IsRepeatable ? ParameterStyle.Form : null,
            Example = spec.IsRepeatable ? new JsonArray(spec.Example) : Value(spec, spec.Example),
        };
    }

    private static JsonNode Value(ParameterSpec spec, string text) =>
        spec.Range is null ? text : long.Parse(text, CultureInfo.InvariantCulture);
}
