using System.Globalization;
using CiCost.Accounting.Jobs;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Lines;
using CiCost.Ledger.Booking;

namespace CiCost.Accounting.Booking;

/// <summary>Reads the job events of a delivery, batch by batch.</summary>
internal static class JobPump
{
    private const int EventsPerBatch = 2_000;

    public static BookingFindings Run(IJobFormat format, IReadOnlyList<ContentObject> contents,
        Action<IReadOnlyList<(uint RowNumber, JobEvent Event)>> write, CancellationToken cancellationToken)
    {
        var row = 0u;
        List<(uint, uint, long, IReadOnlyList<long>)> objects = [];
        foreach (var content in contents)
        {
            var first = row + 1;
            foreach (var batch in format.Read(content, cancellationToken).Chunk(EventsPerBatch))
            {
                write([.. batch.Select(e => (++row, e))]);
            }

            objects.Add((first, row + 1 - first, 0, []));
        }

        return new BookingFindings
        {
            FormatVersion = format.MappingVersion.ToString(CultureInfo.InvariantCulture),
            EmptyCostCount = 0,
            Objects = objects,
            Tolerances = [],
            Quarantined = [],
            Encoded = new EncodedDelivery(row, [], [], [], []),
        };
    }
}
