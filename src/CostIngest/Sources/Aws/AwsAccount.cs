using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Aws;

/// <summary>The setting of a paying account, which AWS's answers do not repeat.</summary>
internal static class AwsAccount
{
    public static string Read(SourceSettings settings, string key)
    {
        var text = settings.Text(key);
        if (text.Length > 0 && (text.Length != 12 || !text.All(char.IsAsciiDigit)))
        {
            settings.Refuse(key, $"'{key}' must be the 12 digits of the management account, in quotes so that YAML keeps leading zeros.");
        }

        return text;
    }
}
