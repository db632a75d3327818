namespace CiCost.Domain.Focus;

/// <summary>The value types of FOCUS columns.</summary>
public enum FocusColumnType
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A number, see <see cref="Money.FocusDecimal"/>.</summary>
    Number,

    /// <summary>An instant in UTC, <c>YYYY-MM-DDTHH:mm:ssZ</c>.</summary>
    Instant,

    /// <summary>A JSON object.</summary>
    Json,
}

/// <summary>One column of the FOCUS dataset CostAndUsage.</summary>
public sealed record FocusColumn
{
    /// <summary>The exact name.</summary>
    public required string Name { get; init; }

    /// <summary>What its values are.</summary>
    public required FocusColumnType Type { get; init; }

    /// <summary>May a value be null in the newest version that has the column?</summary>
    public required bool Nullable { get; init; }

    /// <summary>The version that introduced it, for example <c>1.2</c>; <c>1.0</c> also for older ones.</summary>
    public required string IntroducedIn { get; init; }

    /// <summary>The version that removed it; null when the newest version has it.</summary>
    public required string? RemovedIn { get; init; }

    /// <summary>The values that the specification allows; null when it does not list them.</summary>
    public required IReadOnlyList<string>? AllowedValues { get; init; }
}
