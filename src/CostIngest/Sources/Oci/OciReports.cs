using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Oci;

/// <summary>Which of Oracle's reports.</summary>
internal enum OciReportKind
{
    /// <summary>FOCUS reports: <c>FOCUS Reports/YYYY/MM/DD/NAME.csv.gz</c>.</summary>
    Focus,

    /// <summary>Oracle's own cost reports: <c>reports/cost-csv/NUMBER.csv.gz</c>.</summary>
    Cost,
}

/// <summary>An object of the bucket.</summary>
internal sealed record OciOffer : Offer
{
    public required OciObject Object { get; init; }
}

/// <summary>
/// Oracle's reports. They are appended: each object is a part of its own and stays, corrections are rows of later objects. Oracle splits
/// a day into as many objects as it likes and says nowhere when a day is complete, so every object is taken as it comes.
/// </summary>
internal sealed partial class OciReports(OciBucket bucket, OciReportKind kind, string prefix, DownloadLimits limits) : ISource, IDisposable
{
    private const long MostContentBytes = 64L * 1024 * 1024 * 1024;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (kind == OciReportKind.Cost)
        {
            // Cost reports have a number for a name: listed once, and put into months by when they were written.
            foreach (var item in (await ListAsync(prefix, cancellationToken).ConfigureAwait(false)).OrderBy(MonthOf).Where(i => months.Contains(MonthOf(i))))
            {
                yield return OfferOf(item);
            }

            yield break;
        }

        foreach (var month in months.Months)
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"{prefix}{month.Year:0000}/{month.Month:00}/");
            foreach (var item in await ListAsync(folder, cancellationToken).ConfigureAwait(false))
            {
                yield return OfferOf(item);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var item = ((OciOffer)offer).Object;
        var name = item.Name[(item.Name.LastIndexOf('/') + 1)..];
        if (name is "." or ".." || name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl) || !FileForm().IsMatch(name))
        {
            throw new SourceException("unsupported-format", $"{offer.Description} is no .csv or .csv.gz. Set 'prefix' to the folder of the reports.");
        }

        var path = Path.Combine(folder, name);
        await bucket.DownloadAsync(item, path, limits, cancellationToken).ConfigureAwait(false);
        await VerifyAsync(offer, item, path, cancellationToken).ConfigureAwait(false);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            await WholeGzip.VerifyAsync(offer.Description, path, MostContentBytes, cancellationToken).ConfigureAwait(false);
        }

        return new FetchedDelivery([path]);
    }

    /// <inheritdoc/>
    public void Dispose() => bucket.Dispose();

    // A name that ends with a slash is a folder that the console made.
    private async Task<IEnumerable<OciObject>> ListAsync(string folder, CancellationToken cancellationToken) =>
        (await bucket.ListAsync(folder, cancellationToken).ConfigureAwait(false)).Where(i => !i.Name.EndsWith('/'));

    private OciOffer OfferOf(OciObject item) => new()
    {
        Month = MonthOf(item),
        Part = item.Name,
        Version = item.ETag,
        PublishedAt = item.CreatedAt,
        Description = $"{bucket.Name}/{item.Name}",
        Object = item,
    };

    private BillingMonth MonthOf(OciObject item)
    {
        if (kind == OciReportKind.Cost)
        {
            return BillingMonth.Of(DateOnly.FromDateTime(item.CreatedAt.UtcDateTime));
        }

        var match = DayForm().Match(item.Name, prefix.Length);
        return match.Success && BillingMonth.TryParse($"{match.Groups[1].Value}-{match.Groups[2].Value}", out var month)
            ? month
            : throw new SourceException(
                "unsupported-format", $"{bucket.Name}/{item.Name} is not of the form {prefix}YYYY/MM/DD/NAME. Set 'prefix' to the folder above the years.");
    }

    // Oracle states MD5; it proves here that the bytes came over whole, not that nobody forged them.
    private static async Task VerifyAsync(Offer offer, OciObject item, string path, CancellationToken cancellationToken)
    {
        if (item.Md5 is not { } expected)
        {
            return;
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        await using var disposing = file.ConfigureAwait(false);
#pragma warning disable CA5351 // The provider's own check sum has no other form.
        var actual = Convert.ToBase64String(await MD5.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
#pragma warning restore CA5351
        if (actual != expected)
        {
            throw new SourceException(
                "checksum-differs", $"{offer.Description} came with the MD5 {actual}, the listing says {expected}. It was damaged on the way; run it again.");
        }
    }

    [GeneratedRegex(@"\G(\d{4})/(\d{2})/\d{2}/[^/]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex DayForm();

    [GeneratedRegex(@"\.csv(\.gz)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileForm();
}
