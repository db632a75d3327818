using System.IO.Compression;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>
/// Reads FOCUS 1.4 InvoiceDetail as CSV. Only the columns that make a figure have to be there, so that somebody can type such a file from
/// an invoice; a column that is no column of the dataset is refused, as it may be one of them with a slip in its name.
/// </summary>
internal sealed class InvoiceDetailReader(BillingMonth month, InvoiceTotals totals, InvoiceMistakes mistakes)
{
    private const int MostRows = 500_000;
    private const string Unreadable = "invoice-file-unreadable";
    private const string Wrong = "invoice-line-wrong";
    private const string Account = "BillingAccountId", Issuer = "InvoiceIssuerName", Invoice = "InvoiceId", Detail = "InvoiceDetailId";
    private const string Currency = "BillingCurrency", Start = "BillingPeriodStart", Category = "ChargeCategory", Cost = "BilledCost";
    private const string Status = "InvoiceIssueStatus", Open = "Open", Issued = "Issued", Voided = "Voided";

    private static readonly string[] Needed = [Account, Issuer, Invoice, Start, Currency, Category, Cost];
    private static readonly IReadOnlyList<string> Categories = FocusCatalogue.Instance.Find(Category)!.AllowedValues!;
    private static readonly string[] Statuses = [Open, Issued, Voided];

    private readonly InvoiceLineIds _ids = new();
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private CsvText _text;
    private string _file = "";
    private long _row;
    private long _rowsOfAll;

    /// <summary>Reads a file; what is wrong with it goes to the mistakes.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="shown">Where the person who has to mend it finds it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public void Read(string path, string shown, CancellationToken cancellationToken)
    {
        (_file, _row) = (shown, -1);
        var isGzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        if (!isGzip && LooksLikeGzip(file))
        {
            // What is whole is known only of files that are named so.
            mistakes.Add(Unreadable, _file, 0, "", "", "The file is compressed. Let its name end in .gz.");
            return;
        }

        using Stream content = isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        var limits = new FormatLimits();
        var csv = new CsvTokenizer(content, limits.MaxRecordBytes);
        try
        {
            csv.Read();
            _row = 0;
            if (!ReadHeader(FocusHeader.ReadNames(csv, shown, limits.MaxColumns)))
            {
                return;
            }

            while (csv.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                _row++;
                if (++_rowsOfAll > MostRows)
                {
                    mistakes.Add("invoice-too-large", _file, _row, "", "",
                        $"The files of a month have more than {MostRows} rows. Aggregate the lines of each invoice by account and ChargeCategory.");
                    return;
                }

                if (!csv.IsBlank)
                {
                    ReadRow(csv);
                }
            }
        }
        catch (CsvFaultException fault)
        {
            mistakes.Add(Unreadable, _file, _row + 1, "", fault.Value, fault.Message);
        }
        catch (DeliveryRejectedException rejected)
        {
            var error = rejected.Errors[0];
            mistakes.Add(Unreadable, _file, 0, error.Column, error.Value, error.Message);
        }
    }

    private static bool LooksLikeGzip(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    private bool ReadHeader(List<string> names)
    {
        _columns.Clear();
        foreach (var (index, name) in names.Index())
        {
            _columns.Add(name, index);
        }

        var known = FocusCatalogue.Instance.ColumnsOf("InvoiceDetail");
        var unknown = names.Where(n => !known.Contains(n) && !FocusCatalogue.IsCustom(n)).ToList();
        var missing = Needed.Where(n => !_columns.ContainsKey(n)).ToList();
        if (missing.Count > 0)
        {
            mistakes.Add(Unreadable, _file, 0, "", string.Join(", ", missing),
                "A line of an invoice cannot be read without these columns. Add them, named exactly so.");
        }

        if (unknown.Count > 0)
        {
            mistakes.Add(Unreadable, _file, 0, "", string.Join(", ", unknown),
                "FOCUS 1.4 InvoiceDetail has no such columns. Correct their names, begin them with x_, or remove them; the lines of a bill "
                + "(CostAndUsage) belong into a source with 'format: focus-csv'.");
        }

        return missing.Count == 0 && unknown.Count == 0;
    }

    private void ReadRow(CsvTokenizer csv)
    {
        if (csv.FieldCount != _columns.Count)
        {
            mistakes.Add(Wrong, _file, _row, "", CsvText.ForMessage(csv.RawRecord()),
                $"The row has {csv.FieldCount} fields and the header {_columns.Count}. Put a value with a comma in double quotes, and write an "
                + "amount without thousands separators.");
            return;
        }

        var account = Text(csv, Account);
        var issuer = Text(csv, Issuer);
        var invoice = Text(csv, Invoice);
        var id = _columns.ContainsKey(Detail) ? Text(csv, Detail) : null;
        var status = _columns.ContainsKey(Status) ? OneOf(csv, Status, Statuses) : Issued;
        var currency = ReadCurrency(csv);
        var category = OneOf(csv, Category, Categories);
        var isOfMonth = ReadMonth(csv);
        if (invoice is not null && issuer is not null && (id is not null || !_columns.ContainsKey(Detail))
            && _ids.WhyRepeated(issuer, invoice, id, _file, _row) is { } repeated)
        {
            mistakes.Add("invoice-line-repeated", _file, _row, id is null ? Invoice : Detail, id ?? invoice, repeated);
        }

        // An invoice that was taken back is owed by nobody: it states nothing.
        if (ReadCost(csv) is { } cost && isOfMonth && status is not null and not Voided
            && (account, issuer, currency, invoice, category) is ({ } a, { } i, { } c, { } n, { } k))
        {
            totals.Add(new InvoiceLine(new InvoiceKey(a, i, c, n, status == Open), k, cost));
        }
    }

    private bool ReadMonth(CsvTokenizer csv)
    {
        if (Text(csv, Start) is not { } text)
        {
            return false;
        }

        var value = Value(csv, Start);
        if (!NativeDate.TryIso(value, out var seconds)
            && (FocusTime.TryParse(value, out seconds, out var needed) != TimeFault.None || needed != Tolerance.None))
        {
            mistakes.Add(Wrong, _file, _row, Start, text, $"This is no day. Write the first day of the billing period: {month}-01.");
            return false;
        }

        var index = FocusTime.MonthIndexOf(seconds, out var isFirstInstant);
        if (isFirstInstant && index == month.Index)
        {
            return true;
        }

        mistakes.Add("invoice-month-differs", _file, _row, Start, text, isFirstInstant
            ? $"The file lies in the folder of {month}. Move the line into a file in the folder of {BillingMonth.FromIndex(index)}, or correct it."
            : $"A billing period begins with the first instant of a month in UTC. Write the first day of the billing period: {month}-01.");
        return false;
    }

    private ExactAmount? ReadCost(CsvTokenizer csv)
    {
        if (Text(csv, Cost) is not { } text)
        {
            return null;
        }

        var error = FocusDecimal.TryParseCost(Value(csv, Cost), out var nanos, out var residueAttos, out _);
        if (error == FocusDecimalError.None)
        {
            return ExactAmount.Of(nanos, residueAttos);
        }

        mistakes.Add(Wrong, _file, _row, Cost, text, FieldFaults.OfNumber(error).Message);
        return null;
    }

    private string? ReadCurrency(CsvTokenizer csv)
    {
        var text = Text(csv, Currency);
        if (text is null || (text.Length == 3 && text.All(char.IsAsciiLetterUpper)))
        {
            return text;
        }

        mistakes.Add(Wrong, _file, _row, Currency, text, "This is no currency. Write its three capital letters, such as USD.");
        return null;
    }

    private string? OneOf(CsvTokenizer csv, string column, IReadOnlyList<string> allowed)
    {
        var text = Text(csv, column);
        if (text is null || allowed.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        mistakes.Add(Wrong, _file, _row, column, text, $"FOCUS does not know this value. Write one of: {string.Join(", ", allowed)}.");
        return null;
    }

    /// <summary>The text of a value that must be there; null, with a mistake listed, when it is not or cannot be compared with a bill's.</summary>
    private string? Text(CsvTokenizer csv, string column)
    {
        var value = Value(csv, column);
        if (!CsvText.TryDecode(value, out var text) || text.Any(char.IsControl) || text.Trim().Length != text.Length)
        {
            mistakes.Add(Wrong, _file, _row, column, CsvText.ForMessage(csv.Raw(_columns[column])),
                "A value is UTF-8 text on one line without blanks around it. Write it so.");
            return null;
        }

        if (text.Length > 0 && text is not ("NULL" or "null"))
        {
            return text;
        }

        mistakes.Add(Wrong, _file, _row, column, text, column == Detail
            ? "Give each line an id, or remove the column: then the row's number is its id."
            : "A line of an invoice needs this value. Write it; account and issuer as the bill has them.");
        return null;
    }

    private ReadOnlySpan<byte> Value(CsvTokenizer csv, string column) => _text.Value(csv.Raw(_columns[column]));
}
