using System.Text.Json;

namespace CiCost.Cli.Tests.Demo;

/// <summary>Demonstration books of six months, made once for all tests of this folder that read them, with what the second calculator
/// makes of the same files.</summary>
[SetUpFixture]
internal sealed class DemoMonths
{
    /// <summary>A refund of an earlier month, a commitment that is used a month after it was paid, a restated bill, late job events,
    /// unknown labels, unclassified credits.</summary>
    public static string[] Months { get; } = ["2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07"];

    private static readonly Lazy<Task<(IndependentDemo Demo, IReadOnlyList<JsonElement> Recomputed)>> Made = new(MakeAsync);

    private static readonly Lazy<Task<IndependentDemo>> Books = new(() => IndependentDemo.MakeAsync(Months[0], Months[^1]));

    private static readonly string[] HardMonths = ["2026-05", "2026-06", "2026-07"];

    private static readonly Lazy<Task<(IndependentDemo Demo, IReadOnlyList<JsonElement> Opinions)>> Opinion = new(async () =>
        (await BooksAsync(), await (await BooksAsync()).OpinionAsync(Months)));

    private static readonly Lazy<Task<(IndependentDemo Demo, IReadOnlyList<JsonElement> Opinions)>> HardOpinion = new(async () =>
    {
        var demo = await IndependentDemo.HardenedAsync(await BooksAsync(), HardMonths);
        return (demo, await demo.OpinionAsync(HardMonths));
    });

    /// <summary>The books.</summary>
    public static Task<IndependentDemo> BooksAsync() => Books.Value;

    /// <summary>The books, and the recomputed figures of each month.</summary>
    public static Task<(IndependentDemo Demo, IReadOnlyList<JsonElement> Recomputed)> RecomputedAsync() => Made.Value;

    /// <summary>The books, or those of months with what the demonstration does not contain, and the second opinion of each month.</summary>
    public static Task<(IndependentDemo Demo, IReadOnlyList<JsonElement> Opinions)> OpinionAsync(bool isHardened) =>
        isHardened ? HardOpinion.Value : Opinion.Value;

    [OneTimeTearDown]
    public async Task Remove()
    {
        if (HardOpinion is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            (await HardOpinion.Value).Demo.Dispose();
        }

        if (Books is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            (await Books.Value).Dispose();
        }
    }

    private static async Task<(IndependentDemo Demo, IReadOnlyList<JsonElement> Recomputed)> MakeAsync()
    {
        var demo = await BooksAsync();
        return (demo, await demo.RecomputeAsync(Months));
    }
}
