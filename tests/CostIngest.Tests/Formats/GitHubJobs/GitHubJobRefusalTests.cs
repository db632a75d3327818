using System.Text;
using CiCost.Domain.Lines;
using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.CostIngest.Tests.Formats.GitHubJobs;

/// <summary>What cannot be read is refused with file, row, field, value and what to do.</summary>
public sealed class GitHubJobRefusalTests
{
    [TestCase("id", "", "The job has no id that is a whole number.", "bad-field")]
    [TestCase("id", "\"7\"", "value '\"7\"': The job has no id that is a whole number.", "bad-field")]
    [TestCase("id", "1.5", "value '1.5'", "bad-field")]
    [TestCase("run_id", "null", "The job has no run_id", "bad-field")]
    [TestCase("run_attempt", "99999999999", "value '99999999999'", "bad-field")]
    [TestCase("run_attempt", "0", "value '0'", "bad-field")]
    [TestCase("name", "5", "The job has no name that is a text.", "bad-field")]
    [TestCase("name", "\"\\ud800\"", "The job has no name that is a text.", "bad-field")]
    [TestCase("status", "\"done\"", "value 'done': Known are queued", "unknown-status")]
    [TestCase("status", "null", "The job has no status", "bad-field")]
    [TestCase("conclusion", "{}", "The job has no conclusion", "bad-field")]
    [TestCase("started_at", "1751371200", "The job has no started_at that is a text.", "bad-field")]
    [TestCase("started_at", "\"yesterday\"", "value 'yesterday': A time such as 2026-07-01T12:00:00Z is expected.", "bad-time")]
    [TestCase("started_at", "\"12:00:00\"", "value '12:00:00'", "bad-time")]
    [TestCase("completed_at", "\"07/01/2026\"", "value '07/01/2026'", "bad-time")]
    [TestCase("labels", "\"gpu\"", "The job has no labels that is a list of texts.", "bad-field")]
    [TestCase("labels", "[\"gpu\", 5]", "The job has no labels that is a list of texts.", "bad-field")]
    [TestCase("labels", "[\"\\ud800\"]", "The job has no labels that is a list of texts.", "bad-field")]
    [TestCase("run_url", "\"nowhere\"", "an address with /repos/OWNER/NAME/", "bad-field")]
    public void Field_OfAWrongType_IsNamed(string field, string json, string words, string rule)
    {
        var refusal = JobText.Refusal(JobText.Done + "\n" + JobText.With(field, json));
        Assert.That(refusal, Does.StartWith($"jobs.json: row 2, column {field}").And.Contains(words).And.EndsWith($"[{rule}]"));
    }

    [TestCase("{\"id\": 7, \"run", 2)]
    [TestCase("{\"id\": 7,, ", 2)]
    [TestCase("nonsense", 2)]
    [TestCase("\"text", 2)]
    public void Json_CutOffOrBroken_IsRefusedWithItsRow(string rest, int row) => Assert.That(
        JobText.Refusal(JobText.Done + "\n" + rest),
        Does.StartWith($"jobs.json: row {row}").And.Contains("not JSON").And.EndsWith("[not-json]"));

    [TestCase("5")]
    [TestCase("\"text\"")]
    [TestCase("[{0}, {0}, 5]", 3)]
    [TestCase("{\"jobs\": [{0}, null]}", 2)]
    [TestCase("{\"workflow_job\": []}")]
    public void Value_ThatIsNoJob_IsRefusedWithItsRow(string text, int row = 1) => Assert.That(
        JobText.Refusal(text.Replace("{0}", JobText.Done, StringComparison.Ordinal)),
        Does.StartWith($"jobs.json: row {row}").And.EndsWith("[not-a-job]"));

    [Test]
    public void Json_NestedBeyondTheLimit_IsRefused() =>
        Assert.That(JobText.Refusal(new string('[', 100)), Does.EndWith("[not-json]"));

    [Test]
    public void Text_ThatIsNotUtf8_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(JobText.Done.Replace("\"abc\"", "\"a?c\"", StringComparison.Ordinal));
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        Assert.That(JobText.Refusal(bytes), Does.StartWith("jobs.json: row 1, column head_sha"));
    }

    [Test]
    public void Name_ThatIsNotUnicode_IsRefused() => Assert.That(
        JobText.Refusal($"{JobText.Done} {{\"\\ud800\": 1, {JobText.Done.TrimStart()[1..]}"),
        Does.StartWith("jobs.json: row 2").And.Contains("not Unicode").And.EndsWith("[not-json]"));

    /// <summary>Random damage ends in events or in a refusal, never in anything else.</summary>
    [Test]
    public void Bytes_DamagedAtRandom_AreReadOrRefused()
    {
        var original = Encoding.UTF8.GetBytes(JobText.Done);
        var histogram = new Histogram();
        Properties.Hold(
            from at in Gen.Choose(0, original.Length - 1)
            from how in Gen.Choose(0, 2)
            from value in Gen.Choose(0, 255)
            select (at, how, value),
            Counts.Of(10_000),
            c =>
            {
                byte[] bytes = c.how switch
                {
                    0 => original[..c.at],
                    1 => [.. original[..c.at], (byte)c.value, .. original[(c.at + 1)..]],
                    _ => [.. original[..c.at], (byte)c.value, .. original[c.at..]],
                };
                try
                {
                    var events = JobText.Read(bytes);
                    histogram.Count(("read", true), ("refused", false));
                    return events.Count <= 1 ? null : $"{events.Count} events of one";
                }
                catch (DeliveryRejectedException e)
                {
                    histogram.Count(("read", false), ("refused", true));
                    return e.Errors[0].File == "jobs.json" && e.Errors[0].Message.Length > 10 ? null : e.Message;
                }
            });
        histogram.AssertEachAtLeast(5, Counts.Of(10_000));
    }
}
