namespace CiCost.Domain.Lines;

/// <summary>
/// The descriptive FOCUS 1.4 columns of low cardinality that make up a dimension set. The names are the FOCUS column names;
/// the two that begin with <c>x_</c> keep what a file of FOCUS 1.0 to 1.3 said in the columns that 1.4 removed.
/// The order is the order of the columns in the table and never changes; new columns are added at the end, where they change no key of
/// a set that has no value in them (<see cref="DimensionSet.Key"/>).
/// </summary>
public enum DimensionColumn
{
#pragma warning disable CS1591, CA1707 // Each is the FOCUS column of that name: see the column catalogue.
    BillingAccountId,
    BillingAccountName,
    BillingAccountType,
    SubAccountId,
    SubAccountName,
    SubAccountType,
    BillingCurrency,
    InvoiceId,
    InvoiceIssuerName,
    ServiceProviderName,
    HostProviderName,
    x_ProviderName,
    x_PublisherName,
    ServiceCategory,
    ServiceSubcategory,
    ServiceName,
    ChargeCategory,
    ChargeClass,
    ChargeFrequency,
    ChargeDescription,
    PricingCategory,
    PricingCurrency,
    PricingUnit,
    ConsumedUnit,
    SkuId,
    SkuMeter,
    SkuPriceId,
    RegionId,
    RegionName,
    AvailabilityZone,
    ResourceType,
    CommitmentDiscountId,
    CommitmentDiscountName,
    CommitmentDiscountCategory,
    CommitmentDiscountType,
    CommitmentDiscountStatus,
    CommitmentDiscountUnit,
    CapacityReservationStatus,
    AllocatedMethodId,
#pragma warning restore CS1591, CA1707
}
