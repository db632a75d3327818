namespace CiCost.CostIngest.Formats.Focus;

/// <summary>What a profile lets pass. The stable names and the words for people are in <c>profiles.json</c>, those of a
/// native format in its mapping.</summary>
[Flags]
internal enum Tolerance
{
    None = 0,
    NullLiteral = 1 << 0,
    ZonelessUtc = 1 << 1,
    UtcSuffix = 1 << 2,
    OffsetTimes = 1 << 3,
    ShortTimes = 1 << 4,
    ForeignColumns = 1 << 5,
    EnumCase = 1 << 6,
    ShiftedValues = 1 << 7,
    MonthStartOffset = 1 << 8,
    MissingProvider = 1 << 9,
    DuplicateTagKeys = 1 << 10,
    UnknownServiceCategory = 1 << 11,
    UnpaddedDates = 1 << 12,
    SavingsPlanAsStated = 1 << 13,
    NetRounding = 1 << 14,
    LongFractions = 1 << 15,
    LargeQuantities = 1 << 16,
}
