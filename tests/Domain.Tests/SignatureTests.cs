using System.Reflection;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Tests;

/// <summary>Money never passes through a binary floating-point number: none stands in any signature of Domain and Ledger.</summary>
public sealed class SignatureTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    [TestCase("CiCost.Domain")]
    [TestCase("CiCost.Ledger")]
    public void EverySignature_OfMoneyProjects_HasNoFloatingPoint(string assemblyName) =>
        Assert.That(Assembly.Load(assemblyName).GetTypes().SelectMany(Offences), Is.Empty);

    [Test]
    public void Offences_TypeWithFloatingPoint_AreAllFound() => Assert.That(Offences(typeof(Bad)).Count(), Is.EqualTo(4));

    [Test]
    public void EveryComparableValueType_OfDomain_OrdersConsistently()
    {
        var types = typeof(LineEncoder).Assembly.GetTypes()
            .Where(type => type.IsValueType && type.GetInterfaces().Contains(typeof(IComparable<>).MakeGenericType(type))).ToArray();

        Assert.That(types, Is.EquivalentTo(Samples.Keys), "every comparable value type has a sample in ascending order here");
        Assert.Multiple(() =>
        {
            foreach (var (type, ascending) in Samples)
            {
                AssertOrder(type, ascending);
            }
        });
    }

    private static readonly Dictionary<Type, object[]> Samples = new()
    {
        [typeof(Domain.Money.Currency)] = [.. Ascending("AUD", "EUR", "USD").Select(c => (object)Domain.Money.Currency.Parse(c))],
        [typeof(Domain.Money.Money)] =
            [.. new[] { long.MinValue, -1, 0, 1, long.MaxValue }.Select(n => (object)new Domain.Money.Money(n, Domain.Money.Currency.Usd))],
        [typeof(Domain.Periods.BillingMonth)] =
            [.. Ascending("1970-01", "2025-12", "2026-01", "9998-12").Select(m => (object)Domain.Periods.BillingMonth.Parse(m))],
    };

    private static string[] Ascending(params string[] texts) => texts;

    private static void AssertOrder(Type type, object[] ascending)
    {
        var compare = typeof(IComparable<>).MakeGenericType(type).GetMethod(nameof(IComparable<>.CompareTo))!;
        for (var i = 0; i < ascending.Length; i++)
        {
            for (var j = 0; j < ascending.Length; j++)
            {
                var order = Math.Sign((int)compare.Invoke(ascending[i], [ascending[j]])!);
                Assert.That(order, Is.EqualTo(Math.Sign(i.CompareTo(j))), $"{type.Name}: {ascending[i]} to {ascending[j]}");
                Assert.That(ascending[i].Equals(ascending[j]), Is.EqualTo(order == 0), $"{type.Name}: equal exactly when the order is 0");
                AssertOperator(type, "op_LessThan", ascending[i], ascending[j], order < 0);
                AssertOperator(type, "op_GreaterThan", ascending[i], ascending[j], order > 0);
                AssertOperator(type, "op_LessThanOrEqual", ascending[i], ascending[j], order <= 0);
                AssertOperator(type, "op_GreaterThanOrEqual", ascending[i], ascending[j], order >= 0);
            }
        }
    }

    private static void AssertOperator(Type type, string name, object left, object right, bool expected)
    {
        var method = type.GetMethod(name, [type, type]);
        if (method is not null)
        {
            Assert.That(method.Invoke(null, [left, right]), Is.EqualTo(expected), $"{type.Name} {name}: {left}, {right}");
        }
    }

    private static IEnumerable<string> Offences(Type type) => Signatures(type)
        .Where(signature => IsFloatingPoint(signature.Type))
        .Select(signature => $"{type.FullName}.{signature.Member}: {signature.Type}");

    private static IEnumerable<(string Member, Type Type)> Signatures(Type type)
    {
        var fields = type.GetFields(All).Select(f => (f.Name, f.FieldType));
        var properties = type.GetProperties(All).Select(p => (p.Name, p.PropertyType));
        var results = type.GetMethods(All).Select(m => (m.Name, m.ReturnType));
        var parameters = type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
            .SelectMany(m => m.GetParameters().Select(p => (m.Name + "(" + p.Name + ")", p.ParameterType)));
        return fields.Concat(properties).Concat(results).Concat(parameters);
    }

    private static bool IsFloatingPoint(Type type) =>
        type == typeof(double) || type == typeof(float) || type == typeof(Half)
        || (type.HasElementType && IsFloatingPoint(type.GetElementType()!))
        || type.GetGenericArguments().Any(IsFloatingPoint);

    private sealed class Bad(float[] rate)
    {
        public Dictionary<string, double?> Rates { get; } = new() { ["first"] = rate[0] };
    }
}
