namespace CiCost.Domain.Attribution;

/// <summary>What the rules say a dimension set means. The values are the names used in policy files, columns and options.</summary>
public enum AttributeName
{
    /// <summary>Whose software is built and tested: <c>pytorch</c>, <c>executorch</c>...</summary>
    Project = 0,

    /// <summary>The machine's architecture, from <c>policy/architectures.yaml</c>.</summary>
    Architecture = 1,

    /// <summary>The part of a bill: compute, storage, network, control plane, registry, build cache, support, tax, other.</summary>
    Component = 2,

    /// <summary>The organisation that runs it.</summary>
    Operator = 3,

    /// <summary>The account that the invoice is addressed to.</summary>
    PayerAccount = 4,

    /// <summary>Payer account or fleet x provider x service class; one ledger source per domain and day (accounting.md, 4).</summary>
    Domain = 5,

    /// <summary>The organisation or project whose work it serves.</summary>
    Beneficiary = 6,

    /// <summary>Who made the chip.</summary>
    ChipVendor = 7,
}
