using System.Numerics;

namespace CiCost.Domain.Funding;

/// <summary>
/// A small network with capacities of any size, for the flow of grants to what they may pay: the largest flow, the cut that limits it, and
/// whether a flow exists that keeps lower bounds.
/// </summary>
internal sealed class FlowNetwork
{
    private readonly int _nodes;
    private readonly BigInteger[,] _left;
    private readonly BigInteger[] _excess;

    /// <summary>Makes a network without edges.</summary>
    public FlowNetwork(int nodes)
    {
        _nodes = nodes;
        _left = new BigInteger[nodes + 2, nodes + 2]; // The last two are the source and sink of lower bounds.
        _excess = new BigInteger[nodes];
    }

    /// <summary>Adds an edge on which something from lower to upper may flow.</summary>
    public void Add(int from, int to, BigInteger lower, BigInteger upper)
    {
        _left[from, to] += upper - lower;
        _excess[to] += lower;
        _excess[from] -= lower;
    }

    /// <summary>The largest flow, when no edge has a lower bound.</summary>
    public BigInteger Max(int source, int sink)
    {
        var flow = BigInteger.Zero;
        while (Path(source, sink) is { } before)
        {
            var most = _left[before[sink], sink];
            for (var node = before[sink]; node != source; node = before[node])
            {
                most = BigInteger.Min(most, _left[before[node], node]);
            }

            for (var node = sink; node != source; node = before[node])
            {
                _left[before[node], node] -= most;
                _left[node, before[node]] += most;
            }

            flow += most;
        }

        return flow;
    }

    /// <summary>After <see cref="Max"/>: what can still be reached from the source. The edges that leave it are the smallest cut.</summary>
    public bool[] Reachable(int source)
    {
        var before = Search(source);
        return [.. Enumerable.Range(0, _nodes).Select(node => before[node] >= 0)];
    }

    /// <summary>Is there a circulation that keeps all bounds? Add an edge from sink to source with the flow that is wanted.</summary>
    public bool IsFeasible()
    {
        var (source, sink, wanted) = (_nodes, _nodes + 1, BigInteger.Zero);
        for (var node = 0; node < _nodes; node++)
        {
            if (_excess[node] > 0)
            {
                _left[source, node] = _excess[node];
                wanted += _excess[node];
            }
            else
            {
                _left[node, sink] = -_excess[node];
            }
        }

        return Max(source, sink) == wanted;
    }

    private int[]? Path(int source, int sink)
    {
        var before = Search(source);
        return before[sink] >= 0 ? before : null;
    }

    private int[] Search(int source)
    {
        var before = new int[_nodes + 2];
        Array.Fill(before, -1);
        before[source] = source;
        var queue = new Queue<int>([source]);
        while (queue.TryDequeue(out var node))
        {
            for (var next = 0; next < before.Length; next++)
            {
                if (before[next] < 0 && _left[node, next].Sign > 0)
                {
                    before[next] = node;
                    queue.Enqueue(next);
                }
            }
        }

        return before;
    }
}
