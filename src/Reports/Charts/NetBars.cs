using CiCost.Reports.Models;

namespace CiCost.Reports.Charts;

/// <summary>
/// Bars around one zero axis beside the net positions: to the left who gave less than its share, to the right who gave more.
/// </summary>
public sealed class NetBars
{
    /// <summary>The width of a bar's drawing.</summary>
    public const double Width = 200;

    private const double Edge = 1;

    private readonly Int128 _low;
    private readonly Int128 _range;

    private NetBars(IReadOnlyList<SharingRow> rows)
    {
        _low = rows.Select(r => (Int128)r.Net.Cents).Append(0).Min();
        _range = rows.Select(r => (Int128)r.Net.Cents).Append(0).Max() - _low;
    }

    /// <summary>Where zero is; the middle when all positions are zero.</summary>
    public double Zero => _range == 0 ? Width / 2 : Edge + ((double)-_low / (double)_range * (Width - (2 * Edge)));

    /// <summary>Lays the bars out.</summary>
    public static NetBars Of(IReadOnlyList<SharingRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new NetBars(rows);
    }

    /// <summary>The bar of a row; what no organisation carries or gives is grey.</summary>
    public Bar Bar(SharingRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var netCents = row.Net.Cents;
        var color = row.Role != SharingRowRole.Organisation ? Palette.Slate : netCents < 0 ? Palette.Amber : Palette.Navy;
        var width = _range == 0 ? 0 : (double)Int128.Abs(netCents) / (double)_range * (Width - (2 * Edge));
        return new Bar(netCents < 0 ? Zero - width : Zero, 1, width, 8, color);
    }
}
