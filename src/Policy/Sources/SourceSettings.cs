using System.Globalization;
using CiCost.Policy.Reading;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Sources;

/// <summary>
/// The settings of one source. A getter lists what is wrong with its value, with file and line, and returns something harmless, so that
/// every mistake of the file is found at once; settings that nobody read are mistakes too.
/// </summary>
public sealed class SourceSettings
{
    private readonly YamlMap _map;
    private readonly FileErrors _errors;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private bool _isRefused;

    internal SourceSettings(YamlMap map, FileErrors errors) => (_map, _errors) = (map, errors);

    /// <summary>A text that must be there.</summary>
    public string Text(string key)
    {
        if (OptionalText(key) is { } text)
        {
            return text;
        }

        if (Find(key) is null)
        {
            _errors.Add(_map, PolicyErrorCode.MissingKey, $"The key '{key}' is missing. Add it here.");
        }

        return "";
    }

    /// <summary>Is the key there, whatever its value is?</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A text, or null when it is not there.</summary>
    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        YamlText { IsNull: false } text when text.Value.Trim().Length > 0 => text.Value,
        { } other => Wrong<string>(other, PolicyErrorCode.WrongType, $"'{key}' must be a text, not {other.Kind}."),
    };

    /// <summary>One of a few words.</summary>
    public string Choice(string key, string fallback, params ReadOnlySpan<string> choices)
    {
        string[] known = [.. choices];
        return OptionalText(key) is not { } text
            ? fallback
            : known.Contains(text, StringComparer.Ordinal)
                ? text
                : Wrong<string>(Find(key)!, PolicyErrorCode.BadChoice,
                    $"'{Words.Cut(text)}' is not allowed here.{Words.DidYouMean(text, known)} Use one of: {Words.List(known)}.") ?? fallback;
    }

    /// <summary>The texts of a list; empty when it is not there.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlList list:
                return [.. list.Items.Select(item => item is YamlText { IsNull: false } text ? text.Value
                    : Wrong<string>(item, PolicyErrorCode.WrongType, $"An item of '{key}' must be a text, not {item.Kind}.")).OfType<string>()];
            case { } other:
                return Wrong<string[]>(other, PolicyErrorCode.WrongType, $"'{key}' must be a list, not {other.Kind}.") ?? [];
        }
    }

    /// <summary>Texts by name, such as the parameters of a query; empty when it is not there.</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        switch (Find(key))
        {
            case null:
                return new Dictionary<string, string>();
            case YamlMap map:
                return map.Entries.Where(e => e.Value is YamlText { IsNull: false }
                        || Wrong<string>(e.Value, PolicyErrorCode.WrongType, $"'{e.Key.Value}' must be a text, not {e.Value.Kind}.") is not null)
                    .ToDictionary(e => e.Key.Value, e => ((YamlText)e.Value).Value, StringComparer.Ordinal);
            case { } other:
                return Wrong<Dictionary<string, string>>(other, PolicyErrorCode.WrongType, $"'{key}' must be a mapping, not {other.Kind}.") ?? [];
        }
    }

    /// <summary>A whole number in a range.</summary>
    public int Number(string key, int fallback, int min, int max)
    {
        if (OptionalText(key) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _errors.Add(Find(key)!, PolicyErrorCode.BadChoice, $"'{Words.Cut(text)}' must be a whole number from {min} to {max}.");
        return fallback;
    }

    /// <summary>Yes or no.</summary>
    public bool Flag(string key, bool fallback) => Choice(key, fallback ? "true" : "false", "true", "false") == "true";

    /// <summary>The address of a service: https, or http on this machine.</summary>
    public Uri Address(string key, string fallback)
    {
        var text = OptionalText(key) ?? fallback;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            && address.UserInfo.Length == 0)
        {
            return address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        }

        _errors.Add(Find(key) ?? _map, PolicyErrorCode.BadChoice,
            $"'{key}' must be an https address without user and password (http is allowed on this machine only).");
        return new Uri("https://localhost/");
    }

    /// <summary>Where a secret stands; null when the key is not there.</summary>
    public SecretReference? OptionalSecret(string key)
    {
        if (OptionalText(key) is not { } text)
        {
            return null;
        }

        if (SecretReference.IsReference(text))
        {
            return new SecretReference(text);
        }

        // The value is not repeated: it may be the secret itself.
        _errors.Add(Find(key)!, PolicyErrorCode.BadChoice,
            $"'{key}' must name where the secret stands: env:NAME or file:PATH. A secret itself never stands in this file.");
        return null;
    }

    /// <summary>Where a secret stands.</summary>
    public SecretReference Secret(string key)
    {
        if (OptionalSecret(key) is { } secret)
        {
            return secret;
        }

        if (Find(key) is null)
        {
            _errors.Add(_map, PolicyErrorCode.MissingKey, $"The key '{key}' is missing. Write env:NAME or file:PATH.");
        }

        return new SecretReference("env:");
    }

    /// <summary>Lists a mistake of a setting's value, for what only the connector can judge.</summary>
    public void Refuse(string key, string message) => _errors.Add(Find(key) ?? _map, PolicyErrorCode.BadChoice, message);

    /// <summary>Lists a mistake after which the other settings cannot be judged: nobody reads them.</summary>
    public void RefuseAll(string key, string message)
    {
        Refuse(key, message);
        _isRefused = true;
    }

    /// <summary>Lists the settings that nobody read.</summary>
    internal void RefuseUnread()
    {
        if (_isRefused)
        {
            return;
        }

        foreach (var (key, _) in _map.Entries.Where(entry => !_read.Contains(entry.Key.Value)))
        {
            _errors.Add(key, PolicyErrorCode.UnknownKey,
                $"'{Words.Cut(key.Value)}' is not a setting of this connector.{Words.DidYouMean(key.Value, _read)} The settings are: "
                + $"{Words.List(_read.Order(StringComparer.Ordinal))}.");
        }
    }

    private YamlNode? Find(string key)
    {
        _read.Add(key);
        return _map.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;
    }

    private T? Wrong<T>(YamlNode at, string code, string message)
        where T : class
    {
        _errors.Add(at, code, message);
        return null;
    }
}
