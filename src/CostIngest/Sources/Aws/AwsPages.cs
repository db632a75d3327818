using System.Text.Json;

namespace CiCost.CostIngest.Sources.Aws;

/// <summary>Goes from page to page and refuses to go in circles.</summary>
internal static class AwsPages
{
    private const int MostPages = 1_000;

    /// <summary>Asks for pages until there is no token.</summary>
    /// <param name="subject">For errors.</param>
    /// <param name="tokenName">The member with the token of the next page.</param>
    /// <param name="ask">Asks for a page by its token (null for the first) and its number from 1.</param>
    /// <param name="read">Reads a page.</param>
    public static async Task ReadAsync(
        string subject, string tokenName, Func<string?, int, Task<JsonDocument>> ask, Action<JsonElement> read)
    {
        HashSet<string> tokens = new(StringComparer.Ordinal);
        string? token = null;
        for (var page = 1; ; page++)
        {
            using var document = await ask(token, page).ConfigureAwait(false);
            try
            {
                read(document.RootElement);
                token = document.RootElement.TryGetProperty(tokenName, out var next) ? next.GetString() : null;
            }
            catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new SourceException(
                    "answer-unreadable",
                    $"{subject} answered page {page} in a form that is not its documented one ({exception.Message.TrimEnd('.')}). Run it "
                    + "again; if it stays so, the interface has changed.",
                    exception);
            }

            if (string.IsNullOrEmpty(token))
            {
                return;
            }

            if (!tokens.Add(token))
            {
                throw new SourceException("paging-broken", $"{subject} names page {page} as its own next page. Run it again.");
            }

            if (page == MostPages)
            {
                throw new SourceException("listing-too-long", $"{subject} has more than {MostPages} pages. Ask for fewer months.");
            }
        }
    }
}
