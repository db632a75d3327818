using CiCost.CostIngest.Sources;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Tests.Sources.DropFolder;

/// <summary>A drop folder for invoices of July 2026, its source, and what it makes of the files.</summary>
internal sealed class InvoiceFolder : IDisposable
{
    public const string Header =
        "BillingAccountId,InvoiceIssuerName,InvoiceId,BillingPeriodStart,BillingCurrency,ChargeCategory,BilledCost";


    public InvoiceFolder() => Directory.CreateDirectory(Month);

    public SourceRig Rig { get; } = new();

    public string Folder => Rig.Folder.File("invoices");

    public string Month => Path.Combine(Folder, "2026-07");

    /// <summary>A row under <see cref="Header"/> of an ordinary invoice.</summary>
    public static string Row(string cost, string category = "Usage", string invoice = "R-1", string account = "acct-1", string issuer = "Neocloud",
        string start = "2026-07-01", string currency = "USD") => $"{account},{issuer},{invoice},{start},{currency},{category},{cost}";

    /// <summary>Writes a file of rows under a header.</summary>
    public void Put(string name, string header, params string[] rows) =>
        File.WriteAllText(Path.Combine(Month, name), string.Join('\n', rows.Prepend(header)) + "\n");

    public SourceSetup Setup(params string[] more) =>
        Rig.Setup("drop-folder", [$"folder: {Folder}", "format: focus-invoice-detail", "complete: marker", .. more]);

    /// <summary>The only offer, when all files are complete.</summary>
    public async Task<Offer> OfferAsync(SourceSetup setup)
    {
        File.WriteAllText(Path.Combine(Month, ".done"), "");
        return (await SourceRig.FindAsync(setup)).Single();
    }

    public async Task<FetchedFigures> FetchAsync(params string[] settings)
    {
        var setup = Setup(settings);
        return (FetchedFigures)await Rig.FetchAsync(setup.Source, await OfferAsync(setup));
    }

    /// <summary>One text for each figure.</summary>
    public async Task<IReadOnlyList<string>> FiguresAsync(params string[] settings) =>
    [
        .. (await FetchAsync(settings)).Figures.Select(f =>
            $"{f.PayerAccount} {f.InvoiceIssuer} {f.Item} {f.Measure} {DecimalText.OfNanos(f.AmountNanos)} {f.Currency}" + (f.IsEstimated ? " open" : "")),
    ];

    public SourceException Refusal() => Assert.ThrowsAsync<SourceException>(() => FetchAsync())!;

    public void Dispose() => Rig.Dispose();
}
