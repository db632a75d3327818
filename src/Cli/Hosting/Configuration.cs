using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CiCost.Ledger;
using CiCost.Policy.Reading;
using CiCost.Policy.Sources;
using Microsoft.Extensions.Configuration;

namespace CiCost.Cli.Hosting;

/// <summary>Reads and validates the configuration.</summary>
public static class Configuration
{
    private const string EnvironmentPrefix = "CICOST_";
    private const string FileName = "appsettings.json";

    /// <summary>Reads <c>appsettings.json</c> of a folder and the environment.</summary>
    /// <exception cref="BooksException">A value is out of range or of the wrong type; all are named.</exception>
    public static CiCostOptions Read(string folder)
    {
        try
        {
            return Bind(new ConfigurationBuilder()
                .SetBasePath(folder)
                .AddJsonFile(FileName, optional: true, reloadOnChange: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .Build());
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new BooksException("configuration", $"{Path.Combine(folder, FileName)} cannot be read: {WhyNotJson(exception)} "
                + "appsettings.sample.json is a file that can.");
        }
    }

    /// <summary>The reason of the reader of JSON with its line, which stands inside two exceptions of the configuration.</summary>
    private static string WhyNotJson(Exception exception)
    {
        var inner = exception;
        while (inner is not JsonException && inner.InnerException is { } cause)
        {
            inner = cause;
        }

        return inner is JsonException json
            ? $"line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}: {json.Message.Split(" LineNumber:")[0]}"
            : $"{inner.Message.TrimEnd('.')}.";
    }

    /// <summary>Binds and validates.</summary>
    /// <exception cref="BooksException">A value is out of range or of the wrong type, or a key is unknown.</exception>
    public static CiCostOptions Bind(IConfiguration configuration)
    {
        var options = new CiCostOptions();
        RequireKnownKeys(configuration);
        try
        {
            configuration.GetSection(nameof(CiCostOptions.Books)).Bind(options.Books, b => b.ErrorOnUnknownConfiguration = true);
            configuration.GetSection(nameof(CiCostOptions.Ingest)).Bind(options.Ingest, b => b.ErrorOnUnknownConfiguration = true);
            configuration.GetSection(nameof(CiCostOptions.Webhooks)).Bind(options.Webhooks, b => b.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            throw new BooksException("configuration",
                $"The configuration cannot be read: {exception.Message} appsettings.sample.json lists every key.");
        }

        List<string> errors =
        [
            .. Validate("Books", options.Books),
            .. Validate("Ingest", options.Ingest),
            .. Validate("Webhooks:GitHub", options.Webhooks.GitHub),
        ];
        if (options.Webhooks.GitHub.Secret is { Length: > 0 } secret && !SecretReference.IsReference(secret))
        {
            // Not repeated: it may be the secret itself.
            errors.Add("Webhooks:GitHub:Secret: name where the secret stands, env:NAME or file:PATH; it never stands here itself.");
        }

        return errors.Count == 0
            ? options
            : throw new BooksException("configuration", "The configuration is not valid. " + string.Join(' ', errors));
    }

    /// <summary>A misspelt section or key would otherwise change nothing and say nothing. Variables that are no section are not
    /// configuration.</summary>
    private static void RequireKnownKeys(IConfiguration configuration)
    {
        string[] known = [nameof(CiCostOptions.Books), nameof(CiCostOptions.Ingest), nameof(CiCostOptions.Webhooks)];
        var unknown = configuration.GetChildren()
            .Where(c => c.Value is null && !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)).Select(c => c.Key).ToList();
        if (unknown.Count > 0)
        {
            throw new BooksException(
                "configuration",
                $"The configuration has unknown sections: {string.Join(", ", unknown)}.{Words.DidYouMean(unknown[0], known)} Known are "
                    + $"{string.Join(", ", known)}; appsettings.sample.json lists every key.");
        }

        List<string> errors = [.. UnknownKeys(configuration, typeof(CiCostOptions))];
        if (errors.Count > 0)
        {
            throw new BooksException("configuration", $"{string.Join(' ', errors)} appsettings.sample.json lists every key.");
        }
    }

    private static IEnumerable<string> UnknownKeys(IConfiguration section, Type options)
    {
        var properties = options.GetProperties();
        foreach (var child in section.GetChildren())
        {
            var property = Array.Find(properties, p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null && options != typeof(CiCostOptions))
            {
                var names = properties.Select(p => p.Name).ToList();
                yield return $"The configuration has no key '{child.Path}'.{Words.DidYouMean(child.Key, names)} Known there are "
                    + $"{string.Join(", ", names)}.";
            }
            else if (property is { PropertyType: { IsClass: true } nested } && nested != typeof(string))
            {
                foreach (var error in UnknownKeys(child, nested))
                {
                    yield return error;
                }
            }
        }
    }

    private static IEnumerable<string> Validate(string section, object options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(r => $"{section}:{string.Join(',', r.MemberNames)}: {r.ErrorMessage}");
    }
}
