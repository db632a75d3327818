namespace CiCost.CostApi.Scheduling;

/// <summary>Work of the server itself that is done again and again; it knows no scheduler.</summary>
internal interface IRecurringTask
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>From the end of one run to the next.</summary>
    TimeSpan Pause { get; }

    /// <summary>Does it once. A failure is thrown, logged, and tried again at the next time.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
