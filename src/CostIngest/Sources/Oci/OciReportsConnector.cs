using System.Text.RegularExpressions;
using CiCost.CostIngest.Sources.Http;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Oci;

/// <summary><c>oci-focus</c>: docs/sources/oci.md.</summary>
public sealed partial class OciReportsConnector : ISourceConnector
{
    /// <inheritdoc/>
    public string Name => "oci-focus";

    /// <summary>The last handler of requests; null connects over sockets.</summary>
    internal Func<HttpMessageHandler>? Transport { get; init; }

    /// <summary>Names per page; the service gives at most 1,000.</summary>
    internal int PageSize { get; init; } = 1_000;

    internal DownloadLimits Limits { get; init; } = new();

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var kind = settings.Choice("report", "focus", "focus", "cost") == "cost" ? OciReportKind.Cost : OciReportKind.Focus;
        var (tenancy, user) = (Ocid(settings, "tenancyId", "ocid1.tenancy."), Ocid(settings, "userId", "ocid1.user."));
        var keyId = $"{tenancy}/{user}/{Fingerprint(settings)}";
        var (privateKey, passphrase) = (settings.Secret("privateKey"), settings.OptionalSecret("passphrase"));
        var http = HttpChain.Create(new HttpChainOptions
        {
            Provider = "OCI Object Storage",
            BaseAddress = Endpoint(settings),
            Authorisation = inner => new OciSignatureHandler(keyId, privateKey, passphrase, services.Time, inner),
            Time = services.Time,
            Transport = Transport?.Invoke(),
        });
        var bucket = new OciBucket(http, settings.OptionalText("namespace") ?? "bling", settings.OptionalText("bucket") ?? tenancy, PageSize);
        var prefix = (settings.OptionalText("prefix") ?? (kind == OciReportKind.Focus ? "FOCUS Reports/" : "reports/cost-csv/")).TrimStart('/');
        var format = settings.Choice("format", kind == OciReportKind.Cost ? "oci" : "oci-focus", "oci-focus", "focus-csv", "oci");
        var profile = settings.OptionalText("profile") ?? format switch
        {
            "oci" => "oci-report",
            "oci-focus" => "oci-focus-report",
            _ => "lenient",
        };
        return new SourceSetup(
            new OciReports(bucket, kind, prefix.EndsWith('/') || prefix.Length == 0 ? prefix : prefix + "/", Limits),
            format,
            profile,
            SourceMode.Append);
    }

    private static string Ocid(SourceSettings settings, string key, string form)
    {
        var text = settings.Text(key);
        if (text.Length > 0 && (!text.StartsWith(form, StringComparison.Ordinal) || text.AsSpan().ContainsAny("/\" \\")))
        {
            settings.Refuse(key, $"'{key}' must be an OCID that begins with {form}");
        }

        return text;
    }

    private static string Fingerprint(SourceSettings settings)
    {
        var text = settings.Text("fingerprint");
        if (text.Length > 0 && !FingerprintForm().IsMatch(text))
        {
            settings.Refuse("fingerprint", "'fingerprint' must be 16 pairs of hexadecimal digits with colons, as the console shows it with the API key.");
        }

        return text;
    }

    private static Uri Endpoint(SourceSettings settings)
    {
        if (settings.OptionalText("endpoint") is not null)
        {
            return settings.Address("endpoint", "https://localhost/");
        }

        var region = settings.Text("region");
        if (region.Length > 0 && !RegionForm().IsMatch(region))
        {
            settings.Refuse("region", "'region' must be a region's identifier such as us-ashburn-1.");
            return new Uri("https://localhost/");
        }

        return new Uri($"https://objectstorage.{(region.Length > 0 ? region : "us-ashburn-1")}.oraclecloud.com/");
    }

    [GeneratedRegex(@"^[0-9a-f]{2}(:[0-9a-f]{2}){15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FingerprintForm();

    [GeneratedRegex(@"^[a-z]+(-[a-z0-9]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionForm();
}
