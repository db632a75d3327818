using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Pulling;

/// <summary>Which exceptions are failures of a run, and which are mistakes of the program.</summary>
internal static class PullFailures
{
    // What no repetition mends: somebody has to change a setting, a permission or the file.
    private static readonly HashSet<string> Final = new(StringComparer.Ordinal)
    {
        "source-without-format", "kind-unknown", "profile-unknown", "source-kind", "no-policy", "content-too-large", "file-too-large", "limit",
        "delivery-rejected", "delivery-empty", "delivery-shorter", "delivery-other-month", "delivery-repeated",
        "access-denied", "credentials-refused", "credentials-missing", "not-found-at-provider", "request-budget-spent",
        "unsupported-format", "secret-missing", "request-refused", "redirect-refused", "region-wrong", "manifest-invalid", "export-not-found",
        "answer-too-large", "download-too-large", "several-exports", "export-period", "query-window", "scope-missing",
        "slice-full", "link-in-folder", "folder-in-month", "file-not-regular",
        "invoice-file-unreadable", "invoice-line-wrong", "invoice-month-differs", "invoice-line-repeated", "invoice-too-large",
    };

    /// <summary>The failure of an offer that an exception stands for; null when it is none. The message begins with the offer.</summary>
    public static PullFailure? OfOffer(string offer, Exception exception) => Of(offer, exception) is { } failure
        ? failure.Message.StartsWith(offer, StringComparison.Ordinal) ? failure : failure with { Message = $"{offer}: {failure.Message}" }
        : null;

    /// <summary>The failure that ends a run; null when the exception is none. The source is named by whoever shows it.</summary>
    public static PullFailure? Of(string where, Exception exception) => exception switch
    {
        SourceException source => Failure(where, source.Code, source.Message),
        _ when StorageFault.Of(exception) is { } fault => Failure(where, fault.Code, fault.Message),
        BooksException books => Failure(where, books.Code, books.Message),
        DeliveryRejectedException rejected => Failure(where, "delivery-rejected", rejected.Message),
        LineLimitException limit => Failure(where, "limit", limit.Message),
        SecretException secret => Failure(where, "secret-missing", secret.Message),
        IOException io => Failure(where, "disk", $"A file could not be written or read: {io.Message}"),
        UnauthorizedAccessException access => Failure(where, "disk", $"A file could not be written or read: {access.Message}"),
        InvariantException invariant => Failure(where, "books-contradictory",
            $"The books contradict themselves, and nothing was changed: {invariant.Message} Run 'cicost check'."),
        _ => null,
    };

    private static PullFailure Failure(string where, string code, string message) => new(where, code, message, !Final.Contains(code));
}
