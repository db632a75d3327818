using CiCost.Accounting.Costs;
using CiCost.Accounting.Explain;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.Cli.Output;

/// <summary>Shows explanations.</summary>
internal static class ExplainOutput
{
    public static void Write(FigureExplanation figure, bool asJson)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(ExplainFigureDocument.Of(figure));
            return;
        }

        Console.Out.WriteLine($"{CostsDocument.Name(figure.Query.Metric)}, {figure.Query.From} to {figure.Query.To} (book version "
            + $"{figure.BookVersion.Id}), is:");
        foreach (var (currency, nanos) in figure.TotalNanos)
        {
            var rows = figure.RowTotalNanos.GetValueOrDefault(currency);
            Console.Out.WriteLine($"  {Amounts.OfCents(figure.TotalCents.GetValueOrDefault(currency))} {currency}, exactly {Amounts.Exact(nanos)}; its "
                + $"{Amounts.Count(figure.RowCount)} bill rows add up to {Amounts.Exact(rows)}{(rows == nanos ? ", exactly" : ": THEY DIFFER, run 'cicost check'")}");
        }

        Console.Out.WriteLine("Parts, by dimension set, with the rule that decided each attribute:");
        foreach (var part in figure.Parts.Take(figure.Rows.Count == 0 ? 20 : figure.Rows.Count))
        {
            Console.Out.WriteLine($"  {Amounts.Exact(part.Nanos),22} {part.Currency}  {part.Source} delivery {part.DeliveryId} "
                + $"{part.Period} set {part.DimensionSetId} ({part.LineCount} lines, {part.Role}): {part.Description}");
            Console.Out.WriteLine("                       "
                + string.Join("; ", part.Decisions.Select(d => $"{d.Attribute}={d.Value}" + (d.RuleId is null ? "" : $" [{d.RuleId}]"))));
        }

        Console.Out.WriteLine("The largest bill rows:");
        foreach (var row in figure.Rows)
        {
            var where = row.ObjectSha256 is null ? "rounding line"
                : $"{row.ObjectName} row {row.RowInObject} (object {row.ObjectSha256[..12]})";
            Console.Out.WriteLine($"  {Amounts.Exact(row.Nanos),22} {row.Currency}  delivery {row.DeliveryId} row "
                + $"{row.RowNumber}: {where}");
        }

        foreach (var delivery in figure.RereadDeliveries)
        {
            Console.Out.WriteLine($"The lines of delivery {delivery} had been removed; its rows were read from the raw objects again.");
        }
    }

    public static void Write(RowExplanation row, bool asJson)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(ExplainRowDocument.Of(row));
            return;
        }

        Console.Out.WriteLine($"delivery {row.Delivery.Id} of {row.Delivery.SourceKey} for {row.Delivery.BillingMonth}"
            + (row.Delivery.SupersededBy is { } by ? $", superseded by {by}" : ", current"));
        if (row.Holder is { } holder && row.Raw is { } raw)
        {
            Console.Out.WriteLine($"raw object {holder.Sha256} ({holder.Name}), row {raw.RowNumber}, byte {raw.ByteOffset}:");
            foreach (var (column, text) in raw.Fields.Where(f => f.Value.Length > 0))
            {
                Console.Out.WriteLine($"  {column} = {text}");
            }
        }

        if (row.Line is not { } line)
        {
            Console.Out.WriteLine("The row was set aside; 'cicost check' says why. It is in no figure.");
            return;
        }

        Console.Out.WriteLine($"booked: billed {DecimalText.OfNanos(line.BilledNanos)}, effective "
            + $"{DecimalText.OfNanos(line.EffectiveNanos)}, list {DecimalText.OfNanos(line.ListNanos)}, contracted "
            + $"{DecimalText.OfNanos(line.ContractedNanos)} {row.Set?[DimensionColumn.BillingCurrency]}, dimension set "
            + $"{line.DimensionSetId}");
        foreach (var decision in ExplainFigure.Decisions(row.Attribution!))
        {
            Console.Out.WriteLine($"  {decision.Attribute} = {decision.Value}"
                + (decision.RuleId is null ? "" : $"  by rule {decision.RuleId}"));
        }

        Console.Out.WriteLine($"  role = {CostCube.RoleText(row.Attribution!.Role)}, standing = "
            + $"{CostsDocument.Name(row.Standing!.Value)}, basis = {CostCube.BasisText(row.Basis!.Value)}");
        Console.Out.WriteLine(row.Figures.Count == 0 ? "It is in no current figure." : "It is in these figures:");
        foreach (var figure in row.Figures)
        {
            Console.Out.WriteLine($"  {CostsDocument.Name(figure.Metric)} by {CostsDocument.Name(figure.Axis)} month {figure.Month}: "
                + $"{DecimalText.OfNanos(figure.Nanos)}");
        }
    }
}
