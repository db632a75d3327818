namespace CiCost.CostIngest.Formats.Focus;

/// <summary>What a profile lets pass. The stable names and the words for people are in <c>profiles.json</c>, those of a
/// native format in its mapping.</summary>
[Flags]
internal enum Tolerance : long
{
    None = 0,
    NullLiteral = 1L << 0,
    ZonelessUtc = 1L << 1,
    UtcSuffix = 1L << 2,
    OffsetTimes = 1L << 3,
    ShortTimes = 1L << 4,
    ForeignColumns = 1L << 5,
    EnumCase = 1L << 6,
    ShiftedValues = 1L << 7,
    MonthStartOffset = 1L << 8,
    MissingProvider = 1L << 9,
    DuplicateTagKeys = 1L << 10,
    UnknownServiceCategory = 1L << 11,
    UnpaddedDates = 1L << 12,
    SavingsPlanAsStated = 1L << 13,
    NetRounding = 1L << 14,
    LongFractions = 1L << 15,
    EffectiveIsBilled = 1L << 16,
    BilledCostEmpty = 1L << 17,
    UsageWithoutEffective = 1L << 18,
    ContractedCostUnknown = 1L << 19,
    RefundOfFee = 1L << 20,
    RefundOfDiscount = 1L << 21,
    CommitmentOfDescription = 1L << 22,
    RefundOfUnknownFee = 1L << 23,
    RefundWithoutCommitment = 1L << 24,
    ListCostUnknown = 1L << 25,
    ZeroLengthPeriod = 1L << 26,
    BillingPeriodEnd = 1L << 27,
    BlankOrganization = 1L << 28,
    UnreadColumns = 1L << 29,
    MalformedTags = 1L << 30,
    DateOnly = 1L << 31,
    FractionalTimes = 1L << 32,
    LargeQuantities = 1L << 33,
}
