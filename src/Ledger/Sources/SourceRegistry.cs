using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sources;

/// <summary>A configured feed.</summary>
/// <param name="Key">Its name, for example <c>aws-foundation</c>.</param>
/// <param name="Kind">The format, for example <c>focus-csv</c>.</param>
/// <param name="Profile">The profile for its defects, or null.</param>
/// <param name="Mode">Whether a delivery replaces the period's or is appended to it.</param>
/// <param name="AllowQuarantine">Whether rows that cannot be read are set aside instead of refusing the delivery.</param>
public sealed record Source(string Key, string Kind, string? Profile, SourceMode Mode, bool AllowQuarantine);

/// <summary>How a source's deliveries of one period relate (FOCUS 1.4, DeliveryHandling).</summary>
public enum SourceMode
{
    /// <summary>The newest delivery of a period takes the place of the one before.</summary>
    Replace,

    /// <summary>Each object of a period is a scope of its own; all count.</summary>
    Append,
}

/// <summary>The sources that the books know.</summary>
public sealed class SourceRegistry(Books books)
{
    private const string SelectAll = """
        SELECT source_key AS SourceKey, kind AS Kind, profile AS Profile, mode AS Mode, allow_quarantine AS AllowQuarantine
        FROM source ORDER BY source_key
        """;

    private const string InsertOne = """
        INSERT INTO source (source_key, kind, profile, mode, allow_quarantine, registered_at_ms)
        VALUES (@key, @kind, @profile, @mode, @allowQuarantine, @now)
        ON CONFLICT (source_key) DO NOTHING
        """;

    /// <summary>All sources, by key.</summary>
    public IReadOnlyList<Source> List()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<SourceRow>(SelectAll).Select(r => r.ToSource())];
    }

    /// <summary>Adds a source inside a booking's transaction; one that is there stays as it is.</summary>
    internal static void Register(SqliteConnection connection, Source source, long nowMs) => connection.Execute(InsertOne, new
    {
        key = source.Key,
        kind = source.Kind,
        profile = source.Profile,
        mode = source.Mode == SourceMode.Append ? "append" : "replace",
        allowQuarantine = source.AllowQuarantine ? 1 : 0,
        now = nowMs,
    });

    private sealed record SourceRow
    {
        public string SourceKey { get; init; } = "";

        public string Kind { get; init; } = "";

        public string? Profile { get; init; }

        public string Mode { get; init; } = "";

        public long AllowQuarantine { get; init; }

        public Source ToSource()
            => new(SourceKey, Kind, Profile, Mode == "append" ? SourceMode.Append : SourceMode.Replace, AllowQuarantine != 0);
    }
}
