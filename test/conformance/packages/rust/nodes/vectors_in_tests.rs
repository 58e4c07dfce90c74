// Included into the module of the generated double, which nothing outside of it can see.
// The generated mock obeys the conformance vectors: vectors.txt, which the driver writes.

#[test]
fn the_mock_obeys_every_vector() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors.txt");
    let file = std::fs::read_to_string(path).or_else(|_| std::fs::read_to_string("vectors.txt")).unwrap();
    let lines: Vec<Vec<&str>> = file.lines().map(|line| line.split('\t').collect()).collect();
    for vector in lines.chunk_by(|a, b| a[0] == b[0]) {
        let of = |kind: &'static str| vector.iter().filter(move |fields| fields[1] == kind);
        let secrets: Vec<(String, String)> = of("secret").map(|f| (text_of(f[2]), text_of(f[3]))).collect();
        let revoked: Vec<String> = of("revoked").map(|f| text_of(f[2])).collect();
        let secrets: Vec<(&str, &str)> = secrets.iter().map(|(name, value)| (&name[..], &value[..])).collect();
        let revoked: Vec<&str> = revoked.iter().map(|name| &name[..]).collect();
        let ax = TestContext::new(&secrets, &revoked);
        let names = of("read").map(|f| text_of(f[2])).collect();
        let request = crate::gen::messages::ProbeRequest { names, ..Default::default() };
        let reply = super::super::probe::probe(&ax, request).unwrap();
        for (reading, read) in reply.readings.iter().zip(of("read")) {
            assert_eq!(reading.status, read[3], "{}: {:?}", read[0], reading.name);
            assert_eq!(reading.value, bytes_of(read[4]), "{}: {:?}", read[0], reading.name);
            assert_eq!(reading.found, read[3] == "available");
        }
    }
}

fn text_of(hexed: &str) -> String {
    String::from_utf8(bytes_of(hexed)).unwrap()
}

fn bytes_of(hexed: &str) -> Vec<u8> {
    (0..hexed.len()).step_by(2).map(|i| u8::from_str_radix(&hexed[i..i + 2], 16).unwrap()).collect()
}
