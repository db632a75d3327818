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
                .Build(), Path.Combine(folder, FileName));
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
    /// <param name="configuration">What was read.</param>
    /// <param name="file">The file of it, whose lines messages name.</param>
    /// <exception cref="BooksException">A value is out of range or of the wrong type, or a key is unknown.</exception>
    public static CiCostOptions Bind(IConfiguration configuration, string file = FileName)
    {
        var options = new CiCostOptions();
        var places = new ConfigurationPlaces(configuration, file, EnvironmentPrefix);
        RequireKnownKeys(configuration, places);
        List<string> errors = [];
        foreach (var (section, target) in Sections(options))
        {
            try
            {
                configuration.GetSection(section).Bind(target, b => b.ErrorOnUnknownConfiguration = true);
            }
            catch (InvalidOperationException exception)
            {
                errors.Add(WrongType(exception, configuration, places));
            }

            errors.AddRange(Validate(section, target, places));
        }

        errors.AddRange(Validate("Webhooks:GitHub", options.Webhooks.GitHub, places));
        if (options.Webhooks.GitHub.Secret is { Length: > 0 } secret && !SecretReference.IsReference(secret))
        {
            // Not repeated: it may be the secret itself.
            errors.Add($"{places.Of("Webhooks:GitHub:Secret")}: name where the secret stands, env:NAME or file:PATH; it never stands here itself.");
        }

        return errors.Count == 0
            ? options
            : throw new BooksException("configuration", "The configuration is not valid. " + string.Join(' ', errors));
    }

    /// <summary>A misspelt section or key would otherwise change nothing and say nothing. Variables that are no section are not
    /// configuration.</summary>
    private static void RequireKnownKeys(IConfiguration configuration, ConfigurationPlaces places)
    {
        var known = Sections(new CiCostOptions()).Select(s => s.Name).ToList();
        var unknown = configuration.GetChildren()
            .Where(c => c.Value is null && !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)).Select(c => c.Key).ToList();
        if (unknown.Count > 0)
        {
            throw new BooksException(
                "configuration",
                $"The configuration has unknown sections: {string.Join(", ", unknown)}.{Words.DidYouMean(unknown[0], known)} Known are "
                    + $"{string.Join(", ", known)}; appsettings.sample.json lists every key.");
        }

        List<string> errors = [.. UnknownKeys(configuration, typeof(CiCostOptions), places)];
        if (errors.Count > 0)
        {
            throw new BooksException("configuration", $"{string.Join(' ', errors)} appsettings.sample.json lists every key.");
        }
    }

    private static (string Name, object Target)[] Sections(CiCostOptions options) =>
    [
        (nameof(CiCostOptions.Books), options.Books),
        (nameof(CiCostOptions.Ingest), options.Ingest),
        (nameof(CiCostOptions.Webhooks), options.Webhooks),
        (nameof(CiCostOptions.Serve), options.Serve),
    ];

    /// <summary>The binder names the key inside its sentence, and not what is expected in words of people.</summary>
    private static string WrongType(InvalidOperationException exception, IConfiguration configuration, ConfigurationPlaces places)
    {
        var parts = exception.Message.Split('\'');
        var key = parts.FirstOrDefault(p => p.Contains(':', StringComparison.Ordinal) && configuration[p] is not null);
        var type = parts.Length > 1 ? parts[^2] : "";
        var expected = type switch
        {
            "System.Int32" or "System.Int64" => "a whole number is expected",
            "System.Boolean" => "true or false is expected",
            _ => exception.Message.TrimEnd('.'),
        };
        return key is null ? exception.Message : $"{places.Of(key)}: {expected}, not '{Words.Cut(configuration[key]!)}'.";
    }

    private static IEnumerable<string> UnknownKeys(IConfiguration section, Type options, ConfigurationPlaces places)
    {
        var properties = options.GetProperties();
        foreach (var child in section.GetChildren())
        {
            var property = Array.Find(properties, p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null && options != typeof(CiCostOptions))
            {
                var names = properties.Select(p => p.Name).ToList();
                yield return $"{places.Of(child.Path)}: there is no key '{child.Path}'.{Words.DidYouMean(child.Key, names)} Known there are "
                    + $"{string.Join(", ", names)}.";
            }
            else if (property is { PropertyType: { IsClass: true, IsArray: false } nested } && nested != typeof(string))
            {
                foreach (var error in UnknownKeys(child, nested, places))
                {
                    yield return error;
                }
            }
        }
    }

    private static IEnumerable<string> Validate(string section, object options, ConfigurationPlaces places)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(r => $"{places.Of($"{section}:{string.Join(',', r.MemberNames)}")}: {r.ErrorMessage}");
    }
}
