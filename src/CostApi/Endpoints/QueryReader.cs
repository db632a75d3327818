using System.Globalization;
using CiCost.Accounting.Costs;
using CiCost.Domain.Periods;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CiCost.CostApi.Endpoints;

/// <summary>Reads query parameters; every mistake names its parameter and what to do. Nothing is guessed or passed over.</summary>
internal sealed class QueryReader
{
    private static readonly string[] InstantFormats =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    private readonly IQueryCollection _query;
    private readonly Dictionary<string, ParameterSpec> _specs;

    /// <summary>Reads all at once.</summary>
    /// <exception cref="ParameterException">A parameter is unknown, missing, repeated or has a value that it does not take.</exception>
    public QueryReader(IQueryCollection query, IReadOnlyList<ParameterSpec> specs)
    {
        _query = query;
        _specs = specs.ToDictionary(s => s.Name, StringComparer.Ordinal);
        foreach (var name in query.Keys)
        {
            if (!_specs.TryGetValue(name, out var spec))
            {
                var known = specs.Count == 0 ? "There are none here." : $"Known are {string.Join(", ", specs.Select(s => s.Name))}.";
                throw new ParameterException("parameter-unknown", name, $"There is no parameter '{name}'. {known}");
            }

            Validate(spec, query[name]);
        }

        if (specs.FirstOrDefault(s => s.IsRequired && !query.ContainsKey(s.Name)) is { } missing)
        {
            throw new ParameterException("parameter-missing", missing.Name,
                $"The parameter '{missing.Name}' is missing; give it as in {missing.Name}={missing.Example}.");
        }
    }

    public bool Has(ParameterSpec spec) => _query.ContainsKey(spec.Name);

    public string? Text(ParameterSpec spec) => _query.TryGetValue(spec.Name, out var values) ? values[0] : _specs[spec.Name].Default;

    public BillingMonth Month(ParameterSpec spec) => MonthOrNull(spec)!.Value;

    public BillingMonth? MonthOrNull(ParameterSpec spec) => Text(spec) is not { } text ? null
        : BillingMonth.TryParse(text, out var month) ? month
        : throw Invalid(spec, text, "a month, YYYY-MM from 1970-01, is expected");

    public long? NumberOrNull(ParameterSpec spec) => Text(spec) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public DateTimeOffset? InstantOrNull(ParameterSpec spec)
    {
        if (!_specs.ContainsKey(spec.Name) || Text(spec) is not { } text)
        {
            return null;
        }

        var hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        return hasZone && DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var instant)
            ? instant.ToUniversalTime()
            : throw Invalid(spec, text, "an instant with a zone is expected (a + must be written %2B)");
    }

    /// <summary>The figure that the parameters of <c>/v1/costs</c> name.</summary>
    public CostQuery CostQuery(ParameterSpec month, ParameterSpec axis)
    {
        var from = Month(month);
        var to = MonthOrNull(Parameters.To) ?? from;
        if (to < from)
        {
            throw new ParameterException("range-backwards", Parameters.To.Name, $"to={to} is before month={from}. Give the earlier first.");
        }

        return new CostQuery
        {
            From = from,
            To = to,
            Metric = _specs.ContainsKey(Parameters.Metric.Name)
                ? CostMetrics.Parse(Text(Parameters.Metric)!)
                : default,
            Axis = Enum.Parse<TimeAxis>(Text(axis)!, ignoreCase: true),
            GroupBy = [.. All(Parameters.GroupBy).SelectMany(g
                => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            Where = [.. All(Parameters.Where).Select(Condition)],
            AsOf = InstantOrNull(Parameters.AsOf),
        };
    }

    private IEnumerable<string> All(ParameterSpec spec) =>
        _query.TryGetValue(spec.Name, out var values) ? values.OfType<string>() : [];

    private static void Validate(ParameterSpec spec, StringValues values)
    {
        if (values.Count > 1 && !spec.IsRepeatable)
        {
            throw new ParameterException("parameter-repeated", spec.Name, $"The parameter '{spec.Name}' is given more than once.");
        }

        foreach (var value in values)
        {
            if (string.IsNullOrEmpty(value))
            {
                throw Invalid(spec, "", "a value is expected");
            }

            if (spec.Values.Count > 0 && !spec.Values.Contains(value, StringComparer.Ordinal))
            {
                throw Invalid(spec, value, $"one of {string.Join(", ", spec.Values)} is expected");
            }

            if (spec.Range is var (least, most)
                && !(long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most))
            {
                throw Invalid(spec, value, $"a whole number from {least} to {most} is expected");
            }
        }
    }

    private static KeyValuePair<string, string> Condition(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? KeyValuePair.Create(text[..equals], text[(equals + 1)..])
            : throw Invalid(Parameters.Where, text, "key=value is expected");
    }

    private static ParameterException Invalid(ParameterSpec spec, string value, string expected) =>
        new("parameter-invalid", spec.Name, $"{spec.Name}='{value}' cannot be used: {expected}, such as {spec.Name}={spec.Example}.");
}
