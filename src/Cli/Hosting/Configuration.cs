using System.ComponentModel.DataAnnotations;
using CiCost.Ledger;
using CiCost.Policy.Sources;
using Microsoft.Extensions.Configuration;

namespace CiCost.Cli.Hosting;

/// <summary>Reads and validates the configuration.</summary>
public static class Configuration
{
    private const string EnvironmentPrefix = "CICOST_";

    /// <summary>Reads <c>appsettings.json</c> of a folder and the environment.</summary>
    /// <exception cref="BooksException">A value is out of range or of the wrong type; all are named.</exception>
    public static CiCostOptions Read(string folder)
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(folder)
            .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .Build();
        return Bind(configuration);
    }

    /// <summary>Binds and validates.</summary>
    /// <exception cref="BooksException">A value is out of range or of the wrong type, or a key is unknown.</exception>
    public static CiCostOptions Bind(IConfiguration configuration)
    {
        var options = new CiCostOptions();
        RequireKnownSections(configuration);
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

    /// <summary>A misspelt section would otherwise change nothing and say nothing. Variables that are no section are not
    /// configuration.</summary>
    private static void RequireKnownSections(IConfiguration configuration)
    {
        string[] known = [nameof(CiCostOptions.Books), nameof(CiCostOptions.Ingest), nameof(CiCostOptions.Webhooks)];
        var unknown = configuration.GetChildren()
            .Where(c => c.Value is null && !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)).Select(c => c.Key).ToList();
        if (unknown.Count > 0)
        {
            throw new BooksException(
                "configuration",
                $"The configuration has unknown sections: {string.Join(", ", unknown)}. Known are {string.Join(", ", known)}; "
                    + "appsettings.sample.json lists every key.");
        }
    }

    private static IEnumerable<string> Validate(string section, object options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(r => $"{section}:{string.Join(',', r.MemberNames)}: {r.ErrorMessage}");
    }
}
