using System.Reflection;
using System.Text.Json;
using CiCost.Policy.Reading;

namespace CiCost.Policy.Tests;

public sealed class SchemaTests
{
    /// <summary>Mistakes of form, which a schema sees; the others need to know what the words mean.</summary>
    private static readonly HashSet<string> OfForm =
    [
        PolicyErrorCode.UnknownKey, PolicyErrorCode.MissingKey, PolicyErrorCode.WrongType, PolicyErrorCode.EmptyValue,
        PolicyErrorCode.BadId, PolicyErrorCode.BadChoice, PolicyErrorCode.BadDate,
    ];

    /// <summary>Mistakes of which the schemas see some.</summary>
    private static readonly HashSet<string> OfBoth =
        [PolicyErrorCode.CatchAll, PolicyErrorCode.DuplicateId, PolicyErrorCode.BadColumnName, PolicyErrorCode.UnknownFile,
            PolicyErrorCode.BadAmount];

    /// <summary>Mistakes by which one key forbids or needs another: the schemas say nothing of that.</summary>
    private static readonly HashSet<string> OfTwoKeys =
        ["RateApprovedByItsDonor", "RateApprovedByItsDonorsName", "SplitProportionalToNothing", "SplitPercentInEven", "SplitFixedWithoutPercent",
            "BalanceOfGrantAndOrganisation", "BalanceWithoutKind"];

    private static IEnumerable<object> Shapes => typeof(Shape).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(info => info.FieldType == typeof(Shape)).Select(info => info.GetValue(null)!);

    private static IEnumerable<string> Seeds => SeedPolicy.Policy.Files.Select(file => file.Name);

    [TestCaseSource(nameof(Shapes))]
    public void Shape_Keys_AreThoseOfTheSchema(object value)
    {
        var shape = (Shape)value;
        var definition = PolicySchemas.Names.Select(name => SchemaValidator.Schema(name).GetProperty("$defs"))
            .Where(definitions => definitions.TryGetProperty(shape.Name, out _))
            .Select(definitions => definitions.GetProperty(shape.Name)).Single();

        Assert.Multiple(() =>
        {
            Assert.That(definition.GetProperty("properties").EnumerateObject().Select(p => p.Name), Is.EquivalentTo(shape.Keys));
            Assert.That(definition.GetProperty("required").EnumerateArray().Select(p => p.GetString()), Is.EquivalentTo(shape.Required));
            Assert.That(definition.GetProperty("additionalProperties").ValueKind, Is.EqualTo(JsonValueKind.False));
        });
    }

    [TestCaseSource(nameof(Seeds))]
    public void Seed_EveryFile_IsAcceptedByItsSchemaAndNamesIt(string name) => Assert.Multiple(() =>
    {
        var text = SeedPolicy.Policy.Files.Single(file => file.Name == name).Text;
        Assert.That(SchemaValidator.Failures(name, text), Is.Empty);
        Assert.That(text.Split('\n')[0], Does.StartWith("# yaml-language-server: $schema=../")
            .And.EndsWith("src/Policy/Schemas/" + SchemaValidator.NameFor(name)));
    });

    [TestCaseSource(typeof(PolicyMistakeTests), nameof(PolicyMistakeTests.All))]
    public void Mistake_OfForm_IsRefusedByTheSchemaToo(BadPolicy bad)
    {
        var codes = bad.Mistakes.Select(mistake => mistake[(mistake.LastIndexOf('[') + 1)..^1]).ToArray();
        if (codes.Any(OfBoth.Contains) || SchemaValidator.Failures(bad.File, bad.Text) is not { } failures)
        {
            Assert.That(codes, Is.Not.Empty);
            return;
        }

        Assert.That(failures.Count > 0, Is.EqualTo(codes.Any(OfForm.Contains) && !OfTwoKeys.Contains(bad.Name)),
            string.Join('\n', failures));
    }
}
