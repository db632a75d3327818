namespace CiCost.CostIngest.Sources.Paging;

/// <summary>The items of one page.</summary>
/// <param name="Items">In the order of the page.</param>
/// <param name="StatedTotal">How many the provider says there are on all pages; null when it does not say.</param>
internal sealed record PageItems<T>(IReadOnlyList<T> Items, int? StatedTotal);

/// <summary>A list that was read page by page.</summary>
/// <param name="Items">In the order of the pages, none twice.</param>
/// <param name="Repeated">Items that came again.</param>
/// <param name="StatedTotal">The most that any page stated.</param>
internal sealed record PagedList<T>(IReadOnlyList<T> Items, int Repeated, int StatedTotal);

/// <summary>What a list's pages must keep.</summary>
/// <typeparam name="T">Its items.</typeparam>
internal sealed record PagedListRules<T>
{
    /// <summary>For errors: what is listed.</summary>
    public required string Subject { get; init; }

    /// <summary>What makes an item the same on two pages.</summary>
    public required Func<T, string> KeyOf { get; init; }

    /// <summary>Items on a full page.</summary>
    public required int PerPage { get; init; }

    /// <summary>Where the provider stops listing; a list of this length may have more.</summary>
    public int Cap { get; init; } = int.MaxValue;

    /// <summary>Stops after the first page when the provider states more than it lists.</summary>
    public bool StopsWhenStatedAboveCap { get; init; }

    /// <summary>The most pages.</summary>
    public int MostPages { get; init; } = 1_000;
}

/// <summary>
/// Reads lists that come in pages, and does not take a part for the whole: pages that are left out, repeated or empty are noticed by
/// their numbers and their items. A total that the provider states is only a reason to read again: it is not always exact.
/// </summary>
internal static class PagedReading
{
    /// <summary>Reads one page.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="isFresh">True when nothing that was kept may be used.</param>
    public delegate Task<(PageItems<T> Page, string? Next)> PageReader<T>(
        string address, bool isFresh, CancellationToken cancellationToken);

    /// <summary>Reads a list until two readings agree or one leaves no doubt.</summary>
    /// <exception cref="SourceException">Its pages do not fit together.</exception>
    public static async Task<PagedList<T>> ReadAsync<T>(
        string first, PageReader<T> read, PagedListRules<T> rules, CancellationToken cancellationToken)
    {
        var once = await WalkAsync(first, read, rules, isFresh: false, cancellationToken).ConfigureAwait(false);
        if (IsBeyondDoubt(once, rules))
        {
            return once;
        }

        var again = await WalkAsync(first, read, rules, isFresh: true, cancellationToken).ConfigureAwait(false);
        if (IsBeyondDoubt(again, rules))
        {
            return again;
        }

        // Fewer than stated, twice the same: the statement is inexact, not the list.
        var isSame = once.Items.Select(rules.KeyOf).ToHashSet(StringComparer.Ordinal).SetEquals(again.Items.Select(rules.KeyOf));
        return isSame && again.Repeated == 0
            ? again
            : throw new SourceException("listing-unstable",
                $"{rules.Subject} came differently in two readings ({once.Items.Count} and {again.Items.Count} items, {again.Repeated} of "
                + "them repeated). Nothing was taken of it; run it later.");
    }

    private static bool IsBeyondDoubt<T>(PagedList<T> list, PagedListRules<T> rules) =>
        list.Repeated == 0 && (list.Items.Count >= list.StatedTotal || list.Items.Count >= rules.Cap || IsStopped(list.StatedTotal, rules));

    private static bool IsStopped<T>(int stated, PagedListRules<T> rules) => rules.StopsWhenStatedAboveCap && stated > rules.Cap;

    private static async Task<PagedList<T>> WalkAsync<T>(
        string first, PageReader<T> read, PagedListRules<T> rules, bool isFresh, CancellationToken cancellationToken)
    {
        List<T> items = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        var (repeated, stated) = (0, 0);
        string? address = first;
        for (var number = 1; address is not null; number++)
        {
            if (number > rules.MostPages)
            {
                throw new SourceException("too-many-pages",
                    $"{rules.Subject} has more than {rules.MostPages} pages. Ask for less at a time.");
            }

            var (page, next) = await read(address, isFresh, cancellationToken).ConfigureAwait(false);
            stated = Math.Max(stated, page.StatedTotal ?? 0);
            foreach (var item in page.Items)
            {
                if (keys.Add(rules.KeyOf(item)))
                {
                    items.Add(item);
                }
                else
                {
                    repeated++;
                }
            }

            if (IsStopped(stated, rules))
            {
                break;
            }

            address = NextOf(address, number, page.Items.Count, items.Count, next, rules);
        }

        return new PagedList<T>(items, repeated, stated);
    }

    private static string? NextOf<T>(string address, int number, int onPage, int soFar, string? next, PagedListRules<T> rules)
    {
        if (next is null)
        {
            // A full page without a next one is the last one only when the page after it is empty.
            return onPage < rules.PerPage || soFar >= rules.Cap ? null : WithPage(address, number + 1);
        }

        return onPage == 0 || (LinkHeader.PageOf(next) is { } named && named != number + 1) || next == address
            ? throw new SourceException("paging-broken",
                $"{rules.Subject}: page {number} ({onPage} items) names as the next page one that cannot be it. Nothing was taken of "
                + "it; run it later.")
            : next;
    }

    private static string WithPage(string address, int number)
    {
        var separator = address.IndexOf('?', StringComparison.Ordinal);
        var rest = separator < 0 ? [] : address[(separator + 1)..].Split('&').Where(p => !p.StartsWith("page=", StringComparison.Ordinal));
        return $"{(separator < 0 ? address : address[..separator])}?{string.Join('&', rest.Append($"page={number}"))}";
    }
}
