using CiCost.Domain.Attribution;
using CiCost.Reports.Models;
using static CiCost.Reports.Tests.Fixtures.ReportMaker;

namespace CiCost.Reports.Tests.Fixtures;

/// <content>Hours and sources.</content>
internal static partial class SampleReport
{
    private static RuntimeHours HoursOfTwelveMonths() => Hours(
        "AMD machines took over the generic x86 work in May and June.",
        "The published total omits the row ARM64 (AWS Graviton) in all 12 months; the difference is exactly that row.",
        publishedWithout: 2,
        ("CUDA", [306333, 257586, 250679, 199004, 331416, 350926, 344301, 387160, 364590, 410558, 537420, 379480]),
        ("x86 (AMD)", [18463, 16791, 16212, 12002, 15715, 13841, 14649, 34247, 111862, 460903, 1163444, 958747]),
        ("ARM64 (AWS Graviton)", [68099, 90597, 74757, 65201, 66970, 60192, 59735, 98649, 142832, 166475, 200398, 158681]),
        ("x86 (Generic)", [718661, 751172, 740671, 573826, 675526, 632118, 661004, 965287, 866451, 664920, 274431, 244337]),
        ("ROCm", [66102, 76163, 79219, 59104, 129254, 83308, 113864, 145289, 175847, 200134, 204177, 216072]),
        ("x86 (Intel)", [76809, 69760, 63913, 60868, 97881, 90876, 70572, 97444, 104909, 146231, 138474, 89339]),
        ("Windows", [85023, 126600, 86312, 63557, 70322, 57758, 61080, 85558, 108340, 112295, 88996, 104749]),
        ("macOS", [35655, 46812, 46614, 29719, 33700, 32748, 38253, 52769, 57907, 62271, 51256, 53192]),
        ("XPU", [14110, 16320, 9495, 9168, 8062, 6380, 11156, 7254, 16958, 17442, 19649, 21643]),
        ("s390x", [4502, 6245, 2113, 1964, 2090, 2221, 3157, 2632, 8072, 5650, 2322, 3451]),
        ("TPU", [0, 0, 0, 0, 73, 125, 452, 877, 1663, 1194, 810, 870]),
        ("x86 (Unknown)", [5, 98, 101, 103, 114, 50, 66, 675, 557, 649, 711, 744]),
        ("ARM64 (Unknown)", [0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0]));

    private static SourceCoverage[] Sources() =>
    [
        new()
        {
            Source = "AWS, Foundation", Basis = CostBasis.Invoiced, From = "FOCUS 1.2 export; matches the invoice to the cent",
            Period = "1 to 31 July",
            LastDelivery = new DateOnly(2026, 8, 6), KnownGap = "132,838.14 has no architecture: storage, network and control plane lines",
        },
        new()
        {
            Source = "AWS, Meta", Basis = CostBasis.Estimated, From = "Job hours at AWS list price", Period = "1 to 31 July",
            LastDelivery = new DateOnly(2026, 8, 1), KnownGap = "No bill seen. Idle capacity and reserved discounts are missing",
        },
        new()
        {
            Source = "GitHub-hosted runners", Basis = CostBasis.Estimated, From = "Job minutes at the GitHub rate card",
            Period = "1 to 31 July",
            LastDelivery = new DateOnly(2026, 8, 1),
        },
        new()
        {
            Source = "AMD machines", Basis = CostBasis.DonorStated, From = "GPU hours times the AMD rate per card", Period = "1 to 31 July",
            LastDelivery = new DateOnly(2026, 8, 3), KnownGap = "Partitioned cards counted as whole cards on 3 labels",
        },
        new()
        {
            Source = "Intel, NVIDIA, IBM, Google", Basis = CostBasis.CarriedForward, From = "Monthly statement by the donor",
            Period = "June, carried forward",
            LastDelivery = null, KnownGap = "The statements of July are not there",
        },
    ];
}
