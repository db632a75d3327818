using CiCost.TestKit;

namespace CiCost.Policy.Tests;

public sealed class PolicyFuzzTests
{
    private static readonly int Cases = Counts.Of(24_000);
    private const int Seed = 20260721;

    private static readonly string[] Bits =
    [
        "\n", "  ", "\t", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!str ", "'", "\"", "|\n", ">\n", "---\n", "...\n", "%YAML 1.2\n",
        "?", "#", ",", "\0", "\uFEFF", "\u0085", "\uD800", "é", "matches: ", "(a{99}){99}", "when: {}", "not: ", "anyOf: ",
        "[[[[[[[[[[[[[[[[[[", "- - - ", "9999-99-99", "<<: ", "~", "null", "\\", "\r", "@", "`", ": :", "key", "? - ", "account: ",
    ];

    [Test]
    public void Texts_MutatedOrRandom_LoadOrAreRefusedWithTheirPlace()
    {
        var random = new Random(Seed);
        var seeds = SeedPolicy.Policy.Files;
        var corpus = PolicyMistakeTests.All.Select(bad => (bad.File, bad.Text))
            .Concat(APolicy.With().Select(file => (file.Name, file.Text))).ToArray();
        var histogram = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Cases; i++)
        {
            var seed = seeds[random.Next(seeds.Length)];
            var (name, text) = (i % 40) switch
            {
                0 => (seed.Name, Random(random)),
                1 => (seed.Name, seed.Text),
                _ => corpus[random.Next(corpus.Length)],
            };
            foreach (var outcome in Outcomes(name, Mutate(text, random), $"seed {Seed}, case {i}"))
            {
                histogram[outcome] = histogram.GetValueOrDefault(outcome) + 1;
            }
        }

        TestContext.Out.WriteLine(string.Join('\n', histogram.Select(entry => $"{entry.Key}: {entry.Value}")));
        Assert.That(histogram.Keys, Is.SupersetOf(new[] { "loads", "syntax", "anchor", "tag", "unknown-key", "wrong-type", "catch-all" }));
    }

    private static IEnumerable<string> Outcomes(string name, string text, string which)
    {
        try
        {
            APolicy.Parse((name, text));
            return ["loads"];
        }
        catch (PolicyException e)
        {
            Assert.That(e.Errors, Is.Not.Empty.And.All.Matches<PolicyError>(error => error.Message.Length * error.File.Length > 0), which);
            return e.Errors.Select(error => error.Code).Distinct();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{which}, {name}:\n{text}", e);
        }
    }

    private static string Mutate(string text, Random random)
    {
        for (var i = random.Next(0, 5); i > 0; i--)
        {
            var at = random.Next(0, text.Length + 1);
            var length = Math.Min(random.Next(0, 12), text.Length - at);
            text = random.Next(0, 4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Bits[random.Next(Bits.Length)]),
                2 => text.Insert(at, text.Substring(at, length)),
                _ => string.Concat(text.AsSpan(0, at), Bits[random.Next(Bits.Length)], text.AsSpan(at + length)),
            };
        }

        return text;
    }

    private static string Random(Random random) => string.Concat(Enumerable.Range(0, random.Next(0, 60)).Select(_ =>
        random.Next(0, 3) == 0 ? ((char)random.Next(0, 0x3000)).ToString() : Bits[random.Next(Bits.Length)]));
}
