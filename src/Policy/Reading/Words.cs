namespace CiCost.Policy.Reading;

/// <summary>The words that errors have in common.</summary>
public static class Words
{
    /// <summary>A list of words in quotes, cut when it is long.</summary>
    public static string List(IEnumerable<string> words)
    {
        const int shown = 40;
        var all = words.ToArray();
        return string.Join(", ", all.Take(shown)) + (all.Length > shown ? $"... ({all.Length})" : "");
    }

    /// <summary>A hint at the nearest known word, or nothing when none is near.</summary>
    public static string DidYouMean(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(k => (Word: k, Distance: Distance(word, k))).OrderBy(k => k.Distance).FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= 2 ? $" Did you mean '{nearest.Word}'?" : "";
    }

    /// <summary>A text cut for an error.</summary>
    public static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "...";

    /// <summary>
    /// Insertions, deletions and replacements from one word to the other, ignoring case; words over 60 characters
    /// are far.
    /// </summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2 || a.Length > 60)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                var next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost);
                (diagonal, row[j]) = (row[j], next);
            }
        }

        return row[b.Length];
    }
}
