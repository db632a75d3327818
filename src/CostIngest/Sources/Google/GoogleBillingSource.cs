using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>What of the Cloud Billing API is listed.</summary>
/// <param name="Services">The services whose prices are listed, by their id such as <c>6F81-5844-456A</c>.</param>
/// <param name="Currency">The currency of the prices.</param>
/// <param name="MaxPages">The most pages of one list.</param>
internal sealed record GoogleBillingSettings(IReadOnlyList<string> Services, string Currency, int MaxPages);

/// <summary>
/// Billing accounts, their projects, services and list prices, kept as evidence once a day. The API has prices and no costs: costs come
/// from BigQuery alone.
/// </summary>
internal sealed class GoogleBillingSource(GoogleAccess access, GoogleBillingSettings settings, TimeProvider time) : ISource
{
    private static readonly JsonWriterOptions Form = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

        // The lists say how things are now, so there is nothing to ask of other months.
        if (months.Contains(BillingMonth.Of(today)))
        {
            yield return new Offer
            {
                Month = BillingMonth.Of(today),
                Version = today.ToString("yyyy-MM-dd", null),
                Description = $"Google's billing accounts and prices on {today.ToString("yyyy-MM-dd", null)}",
            };
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var list = new CloudBillingList(await access.HttpAsync(cancellationToken).ConfigureAwait(false), settings.MaxPages);
        try
        {
            var accounts = await list.AllAsync("v1/billingAccounts?pageSize=100", "billingAccounts", cancellationToken).ConfigureAwait(false);
            List<JsonElement> projects = [];
            foreach (var name in accounts.Select(a => a.GetProperty("name").GetString()!))
            {
                projects.AddRange(await list.AllAsync($"v1/{name}/projects?pageSize=100", "projectBillingInfo", cancellationToken)
                    .ConfigureAwait(false));
            }

            var services = await list.AllAsync("v1/services?pageSize=5000", "services", cancellationToken).ConfigureAwait(false);
            var skus = await SkusAsync(list, services, cancellationToken).ConfigureAwait(false);
            return new FetchedEvidence(
            [
                await WriteAsync(folder, "billing-accounts.json", accounts, cancellationToken).ConfigureAwait(false),
                await WriteAsync(folder, "projects.json", projects, cancellationToken).ConfigureAwait(false),
                await WriteAsync(folder, "services.json", services, cancellationToken).ConfigureAwait(false),
                await WriteAsync(folder, "skus.json", skus, cancellationToken).ConfigureAwait(false),
                await WritePricesAsync(folder, skus, cancellationToken).ConfigureAwait(false),
            ]);
        }
        catch (Exception exception) when (exception is InvalidDataException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SourceException("answer-unreadable", $"Google Cloud Billing answered with something else than it documents: {exception.Message}",
                exception);
        }
    }

    private async Task<List<JsonElement>> SkusAsync(
        CloudBillingList list, IReadOnlyList<JsonElement> services, CancellationToken cancellationToken)
    {
        List<JsonElement> skus = [];
        foreach (var id in settings.Services)
        {
            if (!services.Any(s => s.GetProperty("serviceId").GetString() == id))
            {
                throw new SourceException("not-found-at-provider", $"Google has no service {id}. Its services, with their ids, are in services.json of "
                    + "an earlier run, or at https://cloud.google.com/skus.");
            }

            skus.AddRange(await list.AllAsync(
                $"v1/services/{Uri.EscapeDataString(id)}/skus?currencyCode={settings.Currency}&pageSize=5000", "skus", cancellationToken)
                .ConfigureAwait(false));
        }

        return skus;
    }

    private static async Task<string> WriteAsync(string folder, string name, IReadOnlyList<JsonElement> items, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, name);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await using var disposing = file.ConfigureAwait(false);
        var json = new Utf8JsonWriter(file, Form);
        await using var writing = json.ConfigureAwait(false);
        json.WriteStartArray();
        foreach (var item in items)
        {
            item.WriteTo(json);
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        return path;
    }

    private static async Task<string> WritePricesAsync(string folder, IReadOnlyList<JsonElement> skus, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "prices.csv");
        var text = new StringBuilder().AppendJoin(',', SkuPrice.Columns).Append('\n');
        foreach (var price in skus.SelectMany(SkuPrice.Of))
        {
            text.AppendJoin(',', price.Values.Select(CsvValue.Quoted)).Append('\n');
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancellationToken).ConfigureAwait(false);
        return path;
    }
}
