namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>
/// Which lines of invoices were read, so that none counts twice: a line's id stands once in its invoice, in whichever file of the month.
/// Lines without an id have their row's number for one, so that an invoice with such lines must lie in one file.
/// </summary>
internal sealed class InvoiceLineIds
{
    private readonly Dictionary<(string Issuer, string Invoice), Invoice> _invoices = [];

    /// <summary>Notes a line.</summary>
    /// <param name="issuer">InvoiceIssuerName.</param>
    /// <param name="invoice">InvoiceId.</param>
    /// <param name="id">InvoiceDetailId; null without one.</param>
    /// <param name="file">Where it stands.</param>
    /// <param name="row">Its row's number.</param>
    /// <returns>Why it may be there twice, and what to do; null when it is not.</returns>
    public string? WhyRepeated(string issuer, string invoice, string? id, string file, long row)
    {
        if (!_invoices.TryGetValue((issuer, invoice), out var known))
        {
            _invoices.Add((issuer, invoice), known = new Invoice(file));
        }

        known.HasNumbered |= id is null;
        if (known.HasNumbered && known.FirstFile != file)
        {
            // Once a file is enough, whatever the number of its lines.
            return !known.Told.Add(file) ? null
                : $"Invoice '{invoice}' stands in {known.FirstFile} too, and lines without InvoiceDetailId cannot be told apart between files. Put "
                + "the invoice into one file, or give each of its lines an InvoiceDetailId.";
        }

        if (id is null || known.Lines.TryAdd(id, (file, row)))
        {
            return null;
        }

        var (firstFile, firstRow) = known.Lines[id];
        return $"This line of invoice '{invoice}' stands in row {firstRow} of {firstFile} already. Remove one of them, or give it an id of its "
            + "own when it is another line.";
    }

    private sealed class Invoice(string firstFile)
    {
        public string FirstFile => firstFile;

        public bool HasNumbered { get; set; }

        public HashSet<string> Told { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, (string File, long Row)> Lines { get; } = new(StringComparer.Ordinal);
    }
}
