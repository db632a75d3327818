using System.Text;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// Columns that nobody reads and whose names speak of tags, descriptions or money: attribution or amounts may be lost with them, so the
/// answer names them.
/// </summary>
internal static class UnreadColumns
{
    private static readonly string[] Words =
        ["tag", "label", "descri", "comment", "memo", "note", "cost", "amount", "credit", "discount", "fee", "tax"];

    /// <summary>Counts and names them once for a delivery.</summary>
    public static void Count(ToleranceLog uses, IEnumerable<string> unread)
    {
        var names = unread.Where(n => Words.Any(w => n.Contains(w, StringComparison.OrdinalIgnoreCase))).ToList();
        if (names.Count > 0)
        {
            uses.Use(Tolerance.UnreadColumns, 0, Encoding.UTF8.GetBytes(string.Join(", ", names)));
            uses.Add(Tolerance.UnreadColumns, names.Count - 1);
        }
    }
}
