using CiCost.Accounting.Booking;
using CiCost.Domain.JobCosting;

namespace CiCost.Accounting.Jobs;

/// <summary>A format of job events, for example GitHub's <c>workflow_job</c>: reads the objects of a delivery.</summary>
public interface IJobFormat
{
    /// <summary>The name that <c>--kind</c> takes.</summary>
    string Kind { get; }

    /// <summary>Changes when the same bytes would give other events; part of a delivery's identity.</summary>
    int MappingVersion { get; }

    /// <summary>Reads one object; events are numbered from 1 in the order of the object.</summary>
    /// <exception cref="Domain.Lines.DeliveryRejectedException">An event cannot be read.</exception>
    IEnumerable<JobEvent> Read(ContentObject content, CancellationToken cancellationToken);
}
