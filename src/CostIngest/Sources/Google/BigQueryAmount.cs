namespace CiCost.CostIngest.Sources.Google;

/// <summary>Money in queries.</summary>
internal static class BigQueryAmount
{
    /// <summary>
    /// The amount with the 18 digits behind the point that the books hold. Of a FLOAT64 it is the shortest decimal that means the same
    /// number: casting it to a decimal directly would give the digits of its binary form.
    /// </summary>
    public static string Sql(BigQueryField field, string sql) => field.Type is "FLOAT" or "FLOAT64"
        ? $"ROUND(PARSE_BIGNUMERIC(CAST({sql} AS STRING)), 18)"
        : $"ROUND(CAST({sql} AS BIGNUMERIC), 18)";
}
