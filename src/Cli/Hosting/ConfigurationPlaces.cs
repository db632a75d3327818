using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace CiCost.Cli.Hosting;

/// <summary>Where a key of the configuration was set, as whoever has to mend it finds it.</summary>
internal sealed class ConfigurationPlaces(IConfiguration configuration, string file, string environmentPrefix)
{
    /// <summary>The variable, or file, line and key.</summary>
    public string Of(string key)
    {
        var variable = environmentPrefix + key.Replace(":", "__", StringComparison.Ordinal);
        if (configuration is IConfigurationRoot root && root.Providers.OfType<EnvironmentVariablesConfigurationProvider>().Any(p => IsIn(p, key)))
        {
            return $"{variable} ({key})";
        }

        return LineOf(key) is { } line ? $"{file}, line {line}, {key}" : key;
    }

    private static bool IsIn(EnvironmentVariablesConfigurationProvider provider, string key) =>
        provider.TryGet(key, out _) || provider.GetChildKeys([], key).Any();

    private int? LineOf(string key)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(File.ReadAllText(file));
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        List<string> path = [];
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                path = [.. path.Take(reader.CurrentDepth - 1), reader.GetString()!];
                if (string.Join(':', path).Equals(key, StringComparison.OrdinalIgnoreCase))
                {
                    return 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
                }
            }
        }

        return null;
    }
}
