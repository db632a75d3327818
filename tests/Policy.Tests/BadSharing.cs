namespace CiCost.Policy.Tests;

/// <summary>Rates and splits with a mistake, and what is said of each.</summary>
internal static class BadSharing
{
    private const string Rates = "rates.yaml";
    private const string Splits = "splits.yaml";

    public static readonly BadPolicy[] All =
    [
        new("RateOfEveryLabel", Rates, Rate("labels: '.*'"),
            "rates.yaml:2:21: The pattern matches every label. Say which labels are meant. [pattern-too-wide]"),
        new("RateWithLookAround", Rates, Rate("labels: '(?=gpu)x'"),
            "rates.yaml:2:21: '(?=gpu)x' is not a pattern that runs in linear time: Look-around, back references and atomic "
            + "groups cannot run in linear time and are not allowed. (Parameter 'text') Correct it. [bad-pattern]"),
        new("RateBelowZero", Rates, Rate("rate: \"-1\""),
            "rates.yaml:2:19: A rate is not below zero. Correct it. [bad-amount]"),
        new("RateNotANumber", Rates, Rate("rate: cheap"),
            "rates.yaml:2:19: 'cheap' is not an amount. Write a decimal number of up to nine places, such as \"2.25\". "
            + "[bad-amount]"),
        new("RateTooFine", Rates, Rate("rate: \"0.0000000001\""),
            "rates.yaml:2:19: '0.0000000001' is not an amount. Write a decimal number of up to nine places, such as "
            + "\"2.25\". [bad-amount]"),
        new("RateCurrency", Rates, Rate("currency: usd"),
            "rates.yaml:2:23: 'usd' is not a currency. Write its code, such as USD. [bad-choice]"),
        new("RateUnit", Rates, Rate("unit: hour"),
            "rates.yaml:2:19: 'hour' is not allowed here. Use one of: job-hour, gpu-hour. [bad-choice]"),
        new("RateMethod", Rates, Rate("method: guess"),
            "rates.yaml:2:21: 'guess' is not allowed here. Use one of: list-equivalent, replacement, donor-stated. "
            + "[bad-choice]"),
        new("RateWithoutEvidence", Rates, Rate("evidence: \"\""),
            "rates.yaml:2:23: The value of 'evidence' is empty. Set it, or remove it where it is optional. [empty-value]"),
        new("RateBackwards", Rates, Rate("from: 2026-07-02, to: 2026-07-01"),
            "rates.yaml:2:35: 'to' (2026-07-01) must be later than 'from' (2026-07-02): it is the first day that is no "
            + "longer meant. Correct one of them. [from-not-before-to]"),
        new("RateApprovedByItsDonor", Rates, Rate("donor: aws, approver: aws"),
            "rates.yaml:2:35: The donor 'aws' cannot approve its own rate. Name an approver of another organisation. "
            + "[bad-choice]"),
        new("RateApprovedByItsDonorsName", Rates, Rate("donor: meta, approver: META"),
            "rates.yaml:2:36: The donor 'meta' cannot approve its own rate. Name an approver of another organisation. "
            + "[bad-choice]"),
        new("RateWithAReferenceFromNowhere", Rates, Rate("referenceRate: {rate: \"1\"}"),
            "rates.yaml:2:28: The key 'source' is missing. Add it here. [missing-key]"),
        new("RateWithANegativeReference", Rates, Rate("referenceRate: {rate: \"-1\", source: test}"),
            "rates.yaml:2:35: A rate is not below zero. Correct it. [bad-amount]"),
        new("RateOfAnUnknownDonor", Rates, Rate("donor: awz"),
            "rates.yaml:2:20: There is no organisation 'awz'. Did you mean 'aws'? Correct it, or declare it in "
            + "organisations.yaml. [unknown-reference]"),
        .. Gpus("0", "0.0001", "-1", "0.3333", "3000000"),
        new("RateTwice", Rates, Rate("rate: \"1\"") + "\n" + Rate("rate: \"1\"").Split('\n')[1],
            "rates.yaml:3:10: The rate 'r' is already declared in rates.yaml, line 2. Rename one. [duplicate-id]"),
        new("RateKey", Rates, Rate("price: \"1\""),
            "rates.yaml:2:13: 'price' is not a key here. The keys are: id, labels, unit, rate, currency, method, evidence, "
            + "from, to, gpus, donor, approver, referenceRate. [unknown-key]"),
        new("SplitWithoutFallback", Splits, Split("fallback: even", ""),
            "splits.yaml:2:5: The key 'fallback' is missing. Add it here. [missing-key]"),
        new("SplitMethod", Splits, Split("method: even", "method: fair"),
            "splits.yaml:2:63: 'fair' is not allowed here. Use one of: even, fixed-percent, proportional. [bad-choice]"),
        new("SplitStatus", Splits, Split("status: proposed", "status: done"),
            "splits.yaml:2:30: 'done' is not allowed here. Use one of: agreed, proposed. [bad-choice]"),
        new("SplitProportionalToNothing", Splits, Split("method: even", "method: proportional"),
            "splits.yaml:2:5: A proportional split needs 'proportionalTo'. Add it here. [missing-key]"),
        new("SplitProportionalToALie", Splits, Split("method: even", "method: proportional, proportionalTo: size"),
            "splits.yaml:2:93: 'size' is not allowed here. Use one of: used, given, chip-vendor. [bad-choice]"),
        new("SplitPercentInEven", Splits, Split("{organisation: aws}", "{organisation: aws, percent: \"10\"}"),
            "splits.yaml:3:21: A percentage belongs to the method fixed-percent, and only to it. Correct one. [bad-choice]"),
        new("SplitFixedWithoutPercent", Splits, Split("method: even", "method: fixed-percent"),
            "splits.yaml:3:21: A percentage belongs to the method fixed-percent, and only to it. Correct one. [bad-choice]",
            "splits.yaml:3:42: A percentage belongs to the method fixed-percent, and only to it. Correct one. [bad-choice]"),
        new("SplitAbove100", Splits, Fixed("60", "40.000000001"),
            "splits.yaml:3:20: The percentages of a day are above 100 together, or one is below 0. Lower them; what they "
            + "leave is Unallocated. [bad-amount]"),
        new("SplitBelowZero", Splits, Fixed("60", "-1"),
            "splits.yaml:3:20: The percentages of a day are above 100 together, or one is below 0. Lower them; what they "
            + "leave is Unallocated. [bad-amount]"),
        new("SplitPartTwice", Splits, Split("{organisation: meta}", "{organisation: aws, from: 2026-07-01}"),
            "splits.yaml:3:20: 'aws' takes part twice on one day. End the first with 'to' on the day that the second begins "
            + "with 'from'. [duplicate-id]"),
        new("SplitUnknownOrganisation", Splits, Split("{organisation: aws}", "{organisation: awz}"),
            "splits.yaml:3:36: There is no organisation 'awz'. Did you mean 'aws'? Correct it, or declare it in "
            + "organisations.yaml. [unknown-reference]"),
        new("SplitExclusionTwice", Splits, With("excluded: [{id: a, reason: r, attribute: component, values: [compute]}, "
            + "{id: a, reason: r, attribute: component, values: [storage]}]"),
            "splits.yaml:2:162: The exclusion 'a' is already declared in splits.yaml, line 2. Rename one. [duplicate-id]"),
        new("SplitExclusionOfNothingKnown", Splits, With("excluded: [{id: a, reason: r, attribute: component, values: [computer]}]"),
            "splits.yaml:2:146: There is no component 'computer'. Did you mean 'compute'? Correct it, or declare it in "
            + "components.yaml. [unknown-reference]"),
        new("SplitExclusionAttribute", Splits, With("excluded: [{id: a, reason: r, attribute: colour, values: [red]}]"),
            "splits.yaml:2:126: 'colour' is not allowed here. Use one of: project, architecture, component, operator, "
            + "payer-account, domain, beneficiary, chip-vendor. [bad-choice]"),
        new("SplitOverheadUnknown", Splits, With("overhead: {components: [taxes]}"),
            "splits.yaml:2:109: There is no component 'taxes'. Correct it, or declare it in components.yaml. "
            + "[unknown-reference]"),
        new("SplitOverheadBase", Splits, With("overhead: {components: [storage], base: odd}"),
            "splits.yaml:2:125: 'odd' is not allowed here. Use one of: common-direct, even. [bad-choice]"),
        new("SplitAcceptsBelowZero", Splits, With("inKind: [{organisation: aws, acceptedPerMonth: \"-5\"}]"),
            "splits.yaml:2:132: An accepted amount is not below zero. Correct it; 0 accepts nothing. [bad-amount]"),
        new("SplitAcceptsNoAmount", Splits, With("inKind: [{organisation: aws, acceptedPerMonth: some}]"),
            "splits.yaml:2:132: 'some' is not an amount. Write a decimal number of up to nine places, such as \"2.25\". "
            + "[bad-amount]"),
        new("SplitAcceptsTwice", Splits, With("inKind: [{organisation: aws, acceptedPerMonth: \"5\", to: 2026-07-02}, "
            + "{organisation: aws, acceptedPerMonth: \"6\", from: 2026-07-01}]"),
            "splits.yaml:2:93: Hardware of 'aws' is accepted twice on one day. End the first with 'to' on the day that the second begins with "
            + "'from'; two amounts for the same days are one amount. [duplicate-id]"),
        new("SplitTwoAgreed", Splits, Split("status: proposed", "status: agreed")
            + Split("status: proposed", "status: agreed").Replace("splits:", "", StringComparison.Ordinal)
                .Replace("id: s", "id: t", StringComparison.Ordinal),
            "splits.yaml:2:3: 's' and 't' are both agreed for one day. End the first with 'to', or make one a proposal. "
            + "[duplicate-id]"),
    ];

    private static IEnumerable<BadPolicy> Gpus(params string[] texts) => texts.Select(text => new BadPolicy("RateGpus" + text, Rates,
        Rate($"gpus: \"{text}\""),
        "rates.yaml:2:19: 'gpus' is how many GPUs a job holds, from 0.001 to 1000 and to three places. Correct it, or leave it out to "
        + "take the label's own number. [bad-amount]"));

    /// <summary>A rate without mistakes, with something put first; its own keys of the same name are left out.</summary>
    private static string Rate(string first)
    {
        var keys = first.Split(", ").Select(k => k.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        string[] rest = ["labels: gpu", "unit: gpu-hour", "rate: \"1\"", "currency: USD", "method: donor-stated", "evidence: test"];
        return $"rates:\n  - {{id: r, {first}, {string.Join(", ", rest.Where(r => !keys.Contains(r.Split(':')[0])))}}}";
    }

    private static string Split(string old, string @new) => """
        splits:
          - {id: s, name: S, status: proposed, currency: USD, method: even, fallback: even,
             participants: [{organisation: aws}, {organisation: meta}]}

        """.Replace(old + ", ", @new.Length == 0 ? "" : @new + ", ", StringComparison.Ordinal)
        .Replace(old + ",\n", @new.Length == 0 ? "\n" : @new + ",\n", StringComparison.Ordinal)
        .Replace(old + "]", @new + "]", StringComparison.Ordinal);

    private static string Fixed(string aws, string meta) => Split("method: even", "method: fixed-percent")
        .Replace("{organisation: aws}", $"{{organisation: aws, percent: \"{aws}\"}}", StringComparison.Ordinal)
        .Replace("{organisation: meta}", $"{{organisation: meta, percent: \"{meta}\"}}", StringComparison.Ordinal);

    private static string With(string more) => Split("fallback: even", "fallback: even, " + more);
}
