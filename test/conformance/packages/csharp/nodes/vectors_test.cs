using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Axiom;
using Gen;
using Xunit;

namespace Nodes;

/// <summary>The generated mock obeys the conformance vectors: vectors.txt, which the driver writes.</summary>
/// <remarks>The mock is private to the generated test of Probe; the driver opens it.</remarks>
public class VectorsTest
{
    public static IEnumerable<object[]> Vectors() =>
        File.ReadLines(VectorsFile()).Select(line => line.Split('\t')[0]).Distinct().Select(id => new object[] { id });

    [Theory]
    [MemberData(nameof(Vectors))]
    public void TheMockObeys(string vector)
    {
        var records = File.ReadLines(VectorsFile()).Select(line => line.Split('\t')).Where(f => f[0] == vector).ToList();
        var secrets = records.Where(f => f[1] == "secret").ToDictionary(f => TextOf(f[2]), f => TextOf(f[3]));
        var revoked = records.Where(f => f[1] == "revoked").Select(f => TextOf(f[2])).ToHashSet();
        var reads = records.Where(f => f[1] == "read").ToList();
        var request = new ProbeRequest();
        request.Names.AddRange(reads.Select(f => TextOf(f[2])));

        var reply = ProbeNode.Probe(new ProbeTest.TestContext(secrets, revoked), request);

        var seen = reply.Readings.Select(r => $"{r.Found} {r.Status} {Convert.ToHexString(r.Value.ToByteArray()).ToLowerInvariant()}");
        Assert.Equal(reads.Select(f => $"{f[3] == "available"} {f[3]} {f[4]}"), seen);
    }

    /// <summary>Tests run in the folder of their own project, below the package's.</summary>
    private static string VectorsFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "vectors.txt")))
        {
            folder = folder.Parent ?? throw new FileNotFoundException("vectors.txt");
        }

        return Path.Combine(folder.FullName, "vectors.txt");
    }

    private static string TextOf(string hexed) => Encoding.UTF8.GetString(Convert.FromHexString(hexed));
}
