using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CiCost.Domain.Lines;
using FsCheck.Fluent;
using CiCost.TestKit;

namespace CiCost.Domain.Tests.Lines;

/// <summary>The identity of a dimension set: kept when the catalogue gets a column, and never that of another set.</summary>
public sealed class DimensionSetKeyTests
{
    private static readonly int More = DimensionSet.ColumnCount + 2;

    [Test]
    public void Key_OfASetWithoutLaterColumns_IsTheOneThatBooksOfTheFirstSchemaHold()
    {
        var set = Attribution.ASet.Of(("BillingCurrency", "USD"), ("ServiceName", "Maschinen ü"), ("tags.team", "a"), ("x_zone", ""));
        Assert.That(Convert.ToHexString(set.Key), Is.EqualTo(Convert.ToHexString(KeyOfTheFirstSchema(set))));
    }

    [Test]
    public void Key_WithAColumnMoreInTheCatalogue_ChangesOnlyWhereTheSetHasAValueInIt()
    {
        var narrow = Attribution.ASet.Of(("BillingCurrency", "USD"), ("ChargeCategory", "Usage"), ("tags.team", "a"));
        string?[] values = [.. Enumerable.Range(0, DimensionSet.ColumnCount).Select(i => narrow[(DimensionColumn)i]), null];
        var wide = new DimensionSet(values, narrow.Extras, narrow.Origin, values.Length);
        var filled = new DimensionSet([.. values[..^1], "zone"], narrow.Extras, narrow.Origin, values.Length);
        Assert.Multiple(() =>
        {
            Assert.That(Convert.ToHexString(wide.Key), Is.EqualTo(Convert.ToHexString(narrow.Key)));
            Assert.That(Convert.ToHexString(filled.Key), Is.Not.EqualTo(Convert.ToHexString(narrow.Key)));
        });
    }

    [Test]
    public void Key_IsAnotherForEveryOtherSet()
    {
        var texts = Gen.Elements<string?>(null, "", "a", "b", "ab", "\0\0\0\u0001", "x_a");
        var sets = from origin in Gen.Choose(0, 2)
                   from filled in Gen.ListOf(Gen.Zip(Gen.Elements(0, 1, 38, More - 2, More - 1), texts), 3)
                   from extras in Gen.ListOf(Gen.Zip(Gen.Elements("a", "x_a", "tags.a"), Gen.Elements("", "a", "b")), 2)
                   select (origin, filled, extras);
        var pairs = from one in sets
                    from other in Gen.Frequency((1, Gen.Constant(one)), (3, sets))
                    select (one, other);
        var histogram = new Histogram();
        Properties.Hold(pairs, 20_000, pair =>
        {
            var (one, other) = (SetOf(pair.Item1), SetOf(pair.Item2));
            var areSame = Describe(one) == Describe(other);
            histogram.Count(("the same", areSame), ("different", !areSame));
            return areSame == one.Key.SequenceEqual(other.Key) ? null : $"{Describe(one)}\n{Describe(other)}";
        });
        histogram.AssertEachAtLeast(1, 20_000);
    }

    private static DimensionSet SetOf((int Origin, List<(int, string?)> Filled, List<(string, string)> Extras) parts)
    {
        var values = new string?[More];
        foreach (var (column, value) in parts.Filled)
        {
            values[column] = value;
        }

        return new DimensionSet(values, parts.Extras.GroupBy(e => e.Item1).ToImmutableSortedDictionary(g => g.Key, g => g.First().Item2,
            StringComparer.Ordinal), (LineOrigin)parts.Origin, More);
    }

    private static string Describe(DimensionSet set) => $"{set.Origin}|"
        + string.Join("|", Enumerable.Range(0, More).Select(i => set[(DimensionColumn)i] is { } v ? $"'{v}'" : "-"))
        + string.Join("|", set.Extras.Select(e => $"'{e.Key}'='{e.Value}'"));

    /// <summary>What program and books of the first schema hash: 39 columns, null or not.</summary>
    private static byte[] KeyOfTheFirstSchema(DimensionSet set)
    {
        List<byte> bytes = [];
        Number((int)set.Origin);
        for (var i = 0; i < 39; i++)
        {
            Text(set[(DimensionColumn)i]);
        }

        foreach (var (name, value) in set.Extras)
        {
            Text(name);
            Text(value);
        }

        return SHA256.HashData([.. bytes]);

        void Text(string? text)
        {
            var utf8 = text is null ? [] : Encoding.UTF8.GetBytes(text);
            Number(text is null ? -1 : utf8.Length);
            bytes.AddRange(utf8);
        }

        void Number(int number)
        {
            var four = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, number);
            bytes.AddRange(four);
        }
    }
}
